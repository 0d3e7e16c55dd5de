// route.ts: what a route is: how it is asked, who may ask, what answers it, and which problems it has. The routes themselves stand in
// table.ts.

import type { z } from '@hono/zod-openapi';
import type { Scope } from '../doors/caller.ts';
import type { ProblemCode } from '../wire/problems.ts';
import type { Ctx, Services } from './context.ts';

export interface Route {
  method: 'get' | 'post' | 'delete';
  /** As OpenAPI writes it. */
  path: string;
  summary: string;
  /** What the caller's key must allow; absent: nobody is asked who they are. */
  scope?: Scope;
  /** A stream ticket in its query stands for a key. Default: no. */
  takesTicket?: true;
  /** What it refuses is counted: it starts tasks. Default: no. */
  startsTasks?: true;
  query?: z.ZodObject;
  headers?: z.ZodObject;
  /** `types`: what else a body may be than JSON; without a schema it is no JSON. */
  body?: { schema?: z.ZodType; types?: readonly string[]; isOptional?: boolean };
  /** By status: what it means, and the schema of its JSON, or another type. */
  answers: Readonly<Record<number, { about: string; schema?: z.ZodType; types?: readonly string[] }>>;
  problems: readonly ProblemCode[];
  handle(c: Ctx, services: Services): Response | Promise<Response>;
}

/** Problems that routes share: of who reads a task, … */
export const READ: readonly ProblemCode[] = [
  'task_not_found',
  'task_expired',
  'request_invalid',
  'not_acceptable',
  'overloaded',
];
/** … of who starts one where no more fit, … */
export const FULL: readonly ProblemCode[] = ['overloaded', 'queue_full', 'too_many_tasks', 'tokens_spent'];
/** … and of who sends a body. */
export const BODY: readonly ProblemCode[] = ['malformed_json', 'body_too_large', 'type_unsupported', 'request_invalid'];
