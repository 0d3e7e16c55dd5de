// read-request.ts: bodies, queries and headers of requests, judged before anything is done. What is wrong is said with its
// place; nothing is guessed, and nothing unknown is passed over.

import type { z } from '@hono/zod-openapi';
import { inWords } from '../../protocol/schemas/in-words.ts';
import { fieldsRefused, ProblemError, type FieldProblem } from '../wire/problems.ts';
import type { Ctx } from './context.ts';

const MAX_BODY_BYTES = 256 * 1024;
const MAX_DEPTH = 32;

/**
 * The body as JSON, as the schema has it; an empty one where that may be.
 * @throws ProblemError (type_unsupported, body_too_large, malformed_json, request_invalid).
 */
export async function readBody<S extends z.ZodType>(
  c: Ctx,
  schema: S,
  { optional = false }: { optional?: boolean } = {},
): Promise<z.infer<S>> {
  const bytes = await bodyBytes(c.req.raw, MAX_BODY_BYTES);
  if (bytes.length === 0 && optional) return judged(schema, {}, 'pointer');
  const type = c.req.header('content-type') ?? '';
  if (!/^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(type))
    throw new ProblemError('type_unsupported', 'send the body as application/json');
  const value = jsonOf(bytes);
  if (depthOf(value) > MAX_DEPTH)
    throw new ProblemError('request_invalid', `the body is nested more than ${MAX_DEPTH} levels deep`);
  return judged(schema, value, 'pointer');
}

/** @throws ProblemError (body_too_large, request_invalid where the client hung up before its end). */
export async function bodyBytes(request: Request, most: number): Promise<Uint8Array> {
  const tooLarge = (): ProblemError =>
    new ProblemError('body_too_large', `the body may have ${most} bytes`, { headers: { connection: 'close' } });
  if (Number(request.headers.get('content-length') ?? 0) > most) throw tooLarge();
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of untilItBreaks(request.body)) {
    bytes += part.length;
    if (bytes > most) throw tooLarge();
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** A connection that ends in the middle is the client's doing, and no bug of the gateway that its log should tell of. */
async function* untilItBreaks(body: Request['body']): AsyncIterable<Uint8Array> {
  if (!body) return;
  try {
    yield* body as unknown as AsyncIterable<Uint8Array>;
  } catch {
    throw new ProblemError('request_invalid', 'the body did not come whole');
  }
}

/** Reads what nobody wanted of a small body: an answer that is sent before it came is lost with the connection. */
export async function spendBody(request: Request): Promise<void> {
  if (request.body && !request.bodyUsed) await bodyBytes(request, MAX_BODY_BYTES).catch(() => undefined);
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    const why = error instanceof SyntaxError ? 'it can’t be parsed as JSON' : 'it is not UTF-8';
    throw new ProblemError('malformed_json', why);
  }
}

function depthOf(value: unknown): number {
  let level: unknown[] = [value];
  for (let depth = 0; ; depth += 1) {
    level = level.flatMap((one) => (one !== null && typeof one === 'object' ? Object.values(one) : []));
    if (level.length === 0 || depth > MAX_DEPTH) return depth;
  }
}

/** The query as the schema has it. @throws ProblemError (request_invalid), also for a parameter that is named twice. */
export function readQuery<S extends z.ZodType>(c: Ctx, schema: S): z.infer<S> {
  const all = c.req.queries();
  const twice = Object.keys(all).filter((name) => (all[name]?.length ?? 0) > 1);
  if (twice.length > 0) throw fieldsRefused(twice.map((parameter) => ({ parameter, detail: 'give it once' })));
  return judged(schema, c.req.query(), 'parameter');
}

function judged<S extends z.ZodType>(schema: S, value: unknown, where: 'pointer' | 'parameter'): z.infer<S> {
  const read = schema.safeParse(value, { error: inWords });
  if (read.success) return read.data;
  throw fieldsRefused(read.error.issues.slice(0, 20).flatMap((issue) => fieldProblems(issue, where)));
}

type Issue = z.core.$ZodIssue;

function fieldProblems(issue: Issue, where: 'pointer' | 'parameter'): FieldProblem[] {
  const at = (path: readonly PropertyKey[]) =>
    where === 'pointer' ? { pointer: pointerOf(path) } : { parameter: String(path[0] ?? '') };
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      ...at([...issue.path, key]),
      detail: `there is no field "${key.slice(0, 64)}"`,
    }));
  return [{ ...at(issue.path), detail: issue.message }];
}

/** RFC 6901. */
export function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1').slice(0, 64)}`).join('');
}

/** `Idempotency-Key`; undefined where there is none. @throws ProblemError (header_invalid) */
export function readKey(c: Ctx, mostChars = 255): string | undefined {
  const header = c.req.header('idempotency-key');
  if (header === undefined || (/^[\x21-\x7e]+$/.test(header) && header.length <= mostChars)) return header;
  throw new ProblemError('header_invalid', `Idempotency-Key may have 1 to ${mostChars} visible ASCII characters`);
}

/** An answer is held back so long at most. */
export const MAX_WAIT_SECONDS = 25;

export interface Preference {
  /** Seconds to wait for the end; 0: answers at once. */
  wait: number;
  /** What to say of it: `Preference-Applied`. */
  applied?: string;
}

/** `Prefer: respond-async` or `wait=N` (RFC 7240); others are passed over, as the RFC has it. */
export function readPrefer(header: string | undefined): Preference {
  const all = (header ?? '').split(',').map((one) => one.trim().toLowerCase());
  if (all.some((one) => one.split(';')[0]?.trim() === 'respond-async')) return { wait: 0, applied: 'respond-async' };
  const named = all.map((one) => /^wait\s*=\s*"?(\d{1,6})"?$/.exec(one)?.[1]).find((one) => one !== undefined);
  if (named === undefined) return { wait: 0 };
  const wait = Math.min(Number(named), MAX_WAIT_SECONDS);
  return { wait, applied: `wait=${wait}` };
}
