// task-request.ts: what a caller asks for as the request that a task is started with, and what Temporal is told of its start.
// Starts nothing.

import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { defineSearchAttributeKey, TypedSearchAttributes, type SearchAttributePair } from '@temporalio/common';
import type { MasterInput } from '../protocol/activities.ts';
import { limitsProblem, withinLimits } from '../protocol/classes.ts';
import { labelProblem } from '../protocol/label.ts';
import { BACKSTOP_DAYS } from '../protocol/limits.ts';
import { deepQueue, MEMO, SEARCH_ATTRIBUTES } from '../protocol/names.ts';
import type { Route } from '../protocol/path.ts';
import { addressProblem } from '../protocol/schemas/notify.ts';
import { requestHash } from '../protocol/schemas/hash.ts';
import { outputSchemaProblem } from '../protocol/schemas/output-schema.ts';
import { asksForBackground, isAddress, requestProblem, type Source, type TaskRequest } from '../protocol/task.ts';
import { resolveClass } from './classes.ts';
import { RequestRefusedError } from './errors.ts';
import { refuseOddInput, type TaskInput } from './task-input.ts';

/**
 * The request that a caller means, with its class's row.
 * @param decide chooses its path. Default: nobody does, and `auto` is `deep`.
 * @throws RequestRefusedError with the sentence that says what can't be accepted.
 */
export async function taskRequest(
  input: TaskInput,
  configPath: string | undefined,
  decide: (request: TaskRequest) => Promise<Route | undefined> = noRouter,
): Promise<TaskRequest> {
  refuseOddInput(input);
  const asked = await asRequest(input, configPath);
  const chosen = await decide(asked);
  const request: TaskRequest = chosen ? { ...asked, path: chosen.path, route: chosen } : asked;
  const problem =
    requestProblem(request) ??
    labelProblem('tenant', request.tenant) ??
    (request.sessionId === undefined ? undefined : labelProblem('session', request.sessionId)) ??
    (request.outputSchema === undefined ? undefined : outputSchemaProblem(request.outputSchema)) ??
    request.notify?.map(addressProblem).find((one) => one !== undefined);
  if (problem) throw new RequestRefusedError(problem);
  return request;
}

const noRouter = (): Promise<undefined> => Promise.resolve(undefined);

async function asRequest(input: TaskInput, configPath: string | undefined): Promise<TaskRequest> {
  const row = typeof input.class === 'object' ? input.class : await resolveClass(input.class, configPath);
  const problem = input.limits && limitsProblem(row, input.limits);
  if (problem) throw new RequestRefusedError(problem);
  return {
    v: 1,
    goal: input.goal,
    sources: input.sources.map((source): Source => {
      if (typeof source === 'string' && isAddress(source)) return { kind: 'url', url: source };
      if (typeof source === 'string') return { kind: 'path', path: resolve(source) };
      return source.kind === 'path' ? { ...source, path: resolve(source.path) } : source;
    }),
    class: input.limits ? withinLimits(row, input.limits) : row,
    ...(input.limits ? { limits: input.limits } : {}),
    tenant: input.tenant ?? 'default',
    ...(input.path === undefined || input.path === 'auto' ? {} : { path: input.path }),
    ...(input.join === undefined ? {} : { join: input.join }),
    ...(input.hedge === undefined ? {} : { hedge: input.hedge }),
    ...(input.outputSchema === undefined ? {} : { outputSchema: input.outputSchema }),
    ...(input.sessionId === undefined ? {} : { sessionId: input.sessionId }),
    ...(input.notify === undefined ? {} : { notify: input.notify }),
    ...(input.background === undefined ? {} : { background: input.background }),
    ...(input.approve === undefined ? {} : { approve: input.approve }),
    ...(input.askPerson === undefined ? {} : { askPerson: input.askPerson }),
    ...(input.board === undefined ? {} : { board: input.board }),
    ...(input.rounds === undefined ? {} : { rounds: input.rounds }),
  };
}

/** What Temporal is told of a task's start beside its id: the same by whatever it is started. */
export const startOf = (request: TaskRequest, deployment: string) => ({
  taskQueue: deepQueue(deployment),
  args: [{ request } satisfies MasterInput] as [MasterInput],
  workflowExecutionTimeout: `${BACKSTOP_DAYS} days` as const,
  memo: {
    [MEMO.requestHash]: requestHash(request),
    [MEMO.goal]: request.goal.slice(0, 500),
    [MEMO.tenant]: request.tenant,
    ...(asksForBackground(request) ? { [MEMO.background]: true } : {}),
    ...(request.route ? { [MEMO.route]: request.route } : {}),
  },
  // Its Activities have these, too (docs/decisions/0126): of one tenant's backlog not all goes before another one's task.
  priority: { priorityKey: request.class.priority, fairnessKey: request.tenant },
  staticSummary: oneLine(request.goal, 200),
  staticDetails: detailsOf(request),
});

/**
 * Starts with the task's search attributes, and without them at a server that does not know them.
 * @param taskId which is the session of a task without another one. Default: its master says so when it begins.
 * @throws what `start` throws.
 */
export async function withSearchAttributes(
  request: TaskRequest,
  start: (attributes: TypedSearchAttributes) => Promise<unknown>,
  warn: ((message: string) => void) | undefined,
  taskId?: string,
): Promise<void> {
  try {
    await start(new TypedSearchAttributes(searchAttributes(request, taskId)));
  } catch (error) {
    if (!refusesSearchAttributes(error)) throw error;
    warn?.(
      'this Temporal server does not know Muster’s search attributes; the task runs without them (temporal-dev.sh registers them)',
    );
    await start(new TypedSearchAttributes([]));
  }
}

/** Readable, and not to be guessed: `compare-retry-policies-9f2c41d07ab3`. */
export const newTaskId = (goal: string): string => `${slugOf(goal)}-${randomBytes(6).toString('hex')}`;

/** The first words of a goal, as a name. */
export function slugOf(goal: string): string {
  const slug = goal
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '-')
    .split('-')
    .filter((word) => word !== '')
    .slice(0, 6)
    .join('-')
    .slice(0, 48);
  return slug === '' ? 'task' : slug;
}

function searchAttributes(request: TaskRequest, taskId: string | undefined): SearchAttributePair[] {
  const session = request.sessionId ?? taskId;
  const keyword = (name: string, value: string): SearchAttributePair => ({
    key: defineSearchAttributeKey(name, 'KEYWORD'),
    value,
  });
  return [
    keyword(SEARCH_ATTRIBUTES.class, request.class.name),
    keyword(SEARCH_ATTRIBUTES.tenant, request.tenant),
    keyword(SEARCH_ATTRIBUTES.state, 'queued'),
    ...(session === undefined ? [] : [keyword(SEARCH_ATTRIBUTES.session, session)]),
  ];
}

function refusesSearchAttributes(error: unknown): boolean {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (/search attribute/i.test(cause.message)) return true;
  }
  return false;
}

function detailsOf(request: TaskRequest): string {
  const sources = request.sources.map(
    (source) => `- \`${source.kind === 'path' ? source.path : source.kind === 'url' ? source.url : source.name}\``,
  );
  return [
    `**${oneLine(request.goal, 2_000)}**`,
    '',
    `class ${request.class.name}, tenant ${request.tenant}`,
    '',
    ...sources,
  ].join('\n');
}

function oneLine(text: string, max: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > max ? `${line.slice(0, max - 1)}…` : line;
}
