// table.ts: every route, once: what answers it, who may ask, and what the OpenAPI document says of it.

import { z } from '@hono/zod-openapi';
import type { Scope } from '../doors/caller.ts';
import type { ProblemCode } from '../wire/problems.ts';
import { UPLOAD_TYPES } from '../wire/upload-types.ts';
import {
  acceptedTask,
  cancelBody,
  health,
  newTask,
  recorded,
  replyBody,
  result,
  task,
  taskList,
  ticket,
  ticketBody,
  upload,
  uploaded,
} from '../wire/schemas.ts';
import { replyToCall, cancelTask } from './commands.ts';
import type { Ctx, Services } from './context.ts';
import { healthz, readyz } from './health.ts';
import { listQuery, listTasks } from './task-list.ts';
import { eventsQuery, readEvents, readResult, readSource, readTask, sourceQuery, waitQuery } from './read-task.ts';
import { startTask } from './start-task.ts';
import { makeTicket } from './tickets.ts';
import { deleteUpload, readUpload, uploadFiles, uploadQuery } from './uploads.ts';

export interface Route {
  method: 'get' | 'post' | 'delete';
  /** As OpenAPI writes it. */
  path: string;
  summary: string;
  /** What the caller's key must allow; absent: nobody is asked who they are. */
  scope?: Scope;
  /** A stream ticket in its query stands for a key. Default: no. */
  takesTicket?: true;
  query?: z.ZodObject;
  headers?: z.ZodObject;
  /** `types`: what else a body may be than JSON; without a schema it is no JSON. */
  body?: { schema?: z.ZodType; types?: readonly string[]; isOptional?: boolean };
  /** By status: what it means, and the schema of its JSON, or another type. */
  answers: Readonly<Record<number, { about: string; schema?: z.ZodType; types?: readonly string[] }>>;
  problems: readonly ProblemCode[];
  handle(c: Ctx, services: Services): Response | Promise<Response>;
}

const READ: readonly ProblemCode[] = ['task_not_found', 'request_invalid', 'not_acceptable', 'overloaded'];
const FULL: readonly ProblemCode[] = ['overloaded', 'queue_full', 'too_many_tasks', 'tokens_spent'];
const BODY: readonly ProblemCode[] = ['malformed_json', 'body_too_large', 'type_unsupported', 'request_invalid'];

export const ROUTES: readonly Route[] = [
  {
    method: 'post',
    path: '/tasks',
    summary: 'Start a task',
    scope: 'tasks:write',
    headers: z.object({
      'idempotency-key': z.string().optional().openapi({ description: 'Asking again with it is asking once.' }),
      prefer: z.string().optional().openapi({ description: '`respond-async`, or `wait=N` (at most 25 seconds).' }),
    }),
    body: { schema: newTask },
    answers: {
      200: { about: 'It has ended in the time that was waited', schema: task, types: ['text/event-stream'] },
      202: { about: 'It is accepted, and kept', schema: acceptedTask },
    },
    problems: [...BODY, 'header_invalid', 'not_acceptable', 'field_reserved', 'key_reused', ...FULL, 'closing'],
    handle: startTask,
  },
  {
    method: 'get',
    path: '/tasks',
    summary: 'List tasks',
    scope: 'tasks:read',
    query: listQuery,
    answers: { 200: { about: 'A page of tasks', schema: taskList } },
    problems: ['request_invalid', 'cursor_invalid', 'list_unavailable'],
    handle: listTasks,
  },
  {
    method: 'get',
    path: '/tasks/{id}',
    summary: 'Where a task stands',
    scope: 'tasks:read',
    query: waitQuery,
    headers: z.object({ 'if-none-match': z.string().optional() }),
    answers: {
      200: { about: 'The task, with its result once it has ended', schema: task },
      304: { about: 'It is as it was' },
    },
    problems: READ,
    handle: readTask,
  },
  {
    method: 'get',
    path: '/tasks/{id}/result',
    summary: 'What a task left',
    scope: 'tasks:read',
    answers: { 200: { about: 'The result', schema: result, types: ['text/markdown'] } },
    problems: [...READ, 'task_open', 'result_gone'],
    handle: readResult,
  },
  {
    method: 'get',
    path: '/tasks/{id}/events',
    summary: 'Follow a task',
    scope: 'tasks:read',
    takesTicket: true,
    query: eventsQuery,
    headers: z.object({ 'last-event-id': z.string().optional() }),
    answers: {
      200: { about: 'Its events in their order, then `done`', types: ['text/event-stream'] },
      204: { about: 'It has ended, and all was read' },
    },
    problems: [...READ, 'cursor_invalid', 'closing'],
    handle: readEvents,
  },
  {
    method: 'get',
    path: '/tasks/{id}/sources/{sha}',
    summary: 'A text that the answer cites',
    scope: 'tasks:read',
    query: sourceQuery,
    answers: { 200: { about: 'The text, or the lines around one', types: ['text/plain'] } },
    problems: [...READ, 'source_not_found', 'task_open', 'result_gone'],
    handle: readSource,
  },
  {
    method: 'post',
    path: '/tasks/{id}/tickets',
    summary: 'Get a ticket for the stream of a task',
    scope: 'tasks:read',
    body: { schema: ticketBody, isOptional: true },
    answers: { 201: { about: 'It opens the stream once, within a minute', schema: ticket } },
    problems: [...BODY, 'task_not_found', 'overloaded'],
    handle: makeTicket,
  },
  {
    method: 'post',
    path: '/tasks/{id}/cancel',
    summary: 'Stop a task; what it found is kept',
    scope: 'tasks:write',
    body: { schema: cancelBody, isOptional: true },
    answers: { 202: { about: 'It is recorded', schema: recorded } },
    problems: [...BODY, 'task_not_found', 'task_closed', 'overloaded'],
    handle: cancelTask,
  },
  {
    method: 'post',
    path: '/tasks/{id}/answer',
    summary: 'Reply to a tool call that waits',
    scope: 'tasks:write',
    body: { schema: replyBody },
    answers: { 202: { about: 'It is recorded', schema: recorded } },
    problems: [...BODY, 'task_not_found', 'task_closed', 'overloaded'],
    handle: replyToCall,
  },
  {
    method: 'post',
    path: '/uploads',
    summary: 'Send files that tasks may use',
    scope: 'tasks:write',
    query: uploadQuery,
    body: { types: ['multipart/form-data', ...UPLOAD_TYPES] },
    answers: { 201: { about: 'They are kept', schema: uploaded } },
    problems: [
      'malformed_form',
      'body_too_large',
      'type_unsupported',
      'request_invalid',
      'closing',
      'overloaded',
      'uploads_spent',
    ],
    handle: uploadFiles,
  },
  {
    method: 'get',
    path: '/uploads/{id}',
    summary: 'What is known of a file that was sent',
    scope: 'tasks:read',
    answers: { 200: { about: 'Its name, type and size, and how long it is kept', schema: upload } },
    problems: ['upload_not_found'],
    handle: readUpload,
  },
  {
    method: 'delete',
    path: '/uploads/{id}',
    summary: 'Forget a file that was sent',
    scope: 'tasks:write',
    answers: { 204: { about: 'No task can name it any more' } },
    problems: ['upload_not_found'],
    handle: deleteUpload,
  },
  {
    method: 'get',
    path: '/healthz',
    summary: 'Whether the gateway answers',
    answers: { 200: { about: 'It does', schema: health } },
    problems: [],
    handle: healthz,
  },
  {
    method: 'get',
    path: '/readyz',
    summary: 'Whether a task would be taken, and worked on',
    answers: {
      200: { about: 'It would', schema: health },
      503: { about: 'It would not', schema: health },
    },
    problems: [],
    handle: readyz,
  },
];
