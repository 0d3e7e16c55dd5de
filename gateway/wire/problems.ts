// problems.ts: the closed catalogue of what the API refuses, and an answer for each (RFC 9457). Held to docs/http-api.md in
// both directions by test/gateway/problems.test.ts. What went wrong inside a task is not here: that is part of its result.

interface ProblemRow {
  readonly status: number;
  readonly title: string;
  /** Seconds after which trying again makes sense. */
  readonly retryAfter?: number;
}

export const PROBLEMS = {
  malformed_json: { status: 400, title: 'The body is not JSON' },
  malformed_form: { status: 400, title: 'The body is no form' },
  header_invalid: { status: 400, title: 'A header can’t be understood' },
  cursor_invalid: { status: 400, title: 'The cursor is not one of this API' },
  unauthorized: { status: 401, title: 'A key is needed' },
  forbidden: { status: 403, title: 'This key may not do that' },
  host_refused: { status: 403, title: 'This host name is not served' },
  origin_refused: { status: 403, title: 'Pages of this origin are not served' },
  not_found: { status: 404, title: 'There is nothing at this path' },
  task_not_found: { status: 404, title: 'There is no such task' },
  schedule_not_found: { status: 404, title: 'There is no such schedule' },
  session_not_found: { status: 404, title: 'There is no such session' },
  source_not_found: { status: 404, title: 'This task cites no such text' },
  plan_not_found: { status: 404, title: 'The task has no plan yet' },
  upload_not_found: { status: 404, title: 'There is no such upload' },
  method_not_allowed: { status: 405, title: 'This path has other methods' },
  not_acceptable: { status: 406, title: 'None of the accepted types can be given' },
  task_closed: { status: 409, title: 'The task has ended' },
  task_open: { status: 409, title: 'The task has not ended yet', retryAfter: 5 },
  command_refused: { status: 409, title: 'The task can’t do that now' },
  task_expired: { status: 410, title: 'The task is not kept any more' },
  result_gone: { status: 410, title: 'The result is not kept any more' },
  body_too_large: { status: 413, title: 'The body is too large' },
  type_unsupported: { status: 415, title: 'A body of this type is not read' },
  request_invalid: { status: 422, title: 'The request can’t be accepted' },
  key_reused: { status: 422, title: 'The idempotency key belongs to another request' },
  upgrade_required: { status: 426, title: 'This path speaks WebSocket only' },
  too_many_requests: { status: 429, title: 'This tenant asks too often', retryAfter: 30 },
  too_many_tasks: { status: 429, title: 'This tenant has as many tasks as it may', retryAfter: 5 },
  uploads_spent: { status: 429, title: 'This tenant has sent as many bytes as it may on a day', retryAfter: 3_600 },
  tokens_spent: { status: 429, title: 'This tenant has spent its tokens of the day', retryAfter: 3_600 },
  internal: { status: 500, title: 'A bug of the gateway' },
  server_unreachable: { status: 503, title: 'Temporal does not answer', retryAfter: 5 },
  worker_unreachable: { status: 503, title: 'No worker answers', retryAfter: 5 },
  server_refuses: { status: 503, title: 'Temporal refuses this gateway', retryAfter: 60 },
  store_unavailable: { status: 503, title: 'The store does not answer', retryAfter: 5 },
  list_unavailable: { status: 503, title: 'Tasks can’t be listed here', retryAfter: 60 },
  identity_unavailable: { status: 503, title: 'Tokens can’t be checked', retryAfter: 5 },
  queue_full: { status: 503, title: 'Too many tasks wait for a worker', retryAfter: 30 },
  overloaded: { status: 503, title: 'The gateway has too much to do', retryAfter: 2 },
  closing: { status: 503, title: 'The gateway is being stopped', retryAfter: 2 },
} as const satisfies Record<string, ProblemRow>;

export type ProblemCode = keyof typeof PROBLEMS;

/** One thing wrong with a request: where in its body (RFC 6901), or in which parameter, and what. */
export interface FieldProblem {
  pointer?: string;
  parameter?: string;
  detail: string;
}

/** Thrown by whatever can't serve a request; becomes the answer. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly code: ProblemCode;
  readonly errors: readonly FieldProblem[];
  readonly headers: Readonly<Record<string, string>>;

  /** @param detail a sentence for who asked; holds no path of this host, no address of a server and no key. */
  constructor(
    code: ProblemCode,
    detail: string,
    { errors = [], headers = {} }: { errors?: readonly FieldProblem[]; headers?: Record<string, string> } = {},
  ) {
    super(detail);
    this.code = code;
    this.errors = errors;
    this.headers = headers;
  }
}

/** What fields of a request are refused for; the sentence names the first, for who reads nothing else. */
export function fieldsRefused(errors: readonly FieldProblem[]): ProblemError {
  const { pointer, parameter, detail } = errors[0] ?? { detail: 'it is not as the API has it' };
  const name = pointer?.slice(1).replaceAll('/', '.') ?? parameter ?? '';
  const said = name === '' || detail.includes(name) ? detail : `${name}: ${detail}`;
  return new ProblemError('request_invalid', said, { errors });
}

export const PROBLEM_TYPE = 'application/problem+json';

export function problemBody({ code, message, errors }: ProblemError, requestId?: string) {
  const { status, title } = PROBLEMS[code];
  return {
    type: `urn:muster:problem:${code}`,
    title,
    status,
    detail: message,
    code,
    ...(errors.length > 0 ? { errors } : {}),
    ...(requestId === undefined ? {} : { request_id: requestId }),
  };
}

export function problemResponse(problem: ProblemError, requestId?: string): Response {
  const row: ProblemRow = PROBLEMS[problem.code];
  return new Response(`${JSON.stringify(problemBody(problem, requestId))}\n`, {
    status: row.status,
    headers: {
      'content-type': PROBLEM_TYPE,
      'cache-control': 'no-store',
      ...(row.retryAfter === undefined ? {} : { 'retry-after': String(row.retryAfter) }),
      ...problem.headers,
    },
  });
}
