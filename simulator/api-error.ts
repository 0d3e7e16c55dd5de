// api-error.ts: errors in the shape that OpenAI clients read.

export class ApiError extends Error {
  readonly status: number;
  readonly type: string;
  readonly code: string | null;
  readonly param: string | null;

  constructor(status: number, message: string, code: string | null = null, param: string | null = null) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.type = typeOf(status);
    this.code = code;
    this.param = param;
  }

  body(): unknown {
    return { error: { message: this.message, type: this.type, code: this.code, param: this.param } };
  }
}

export const badRequest = (message: string, param: string | null = null): ApiError =>
  new ApiError(400, message, null, param);

/** The `type` that OpenAI gives an error of this status. */
function typeOf(status: number): string {
  if (status === 401) return 'authentication_error';
  if (status === 403) return 'permission_error';
  if (status === 429) return 'rate_limit_error';
  if (status >= 500) return 'server_error';
  return 'invalid_request_error';
}

/** The body of an injected status for which the test gave none. */
export function defaultErrorBody(status: number): unknown {
  const codes: Record<number, string> = {
    401: 'invalid_api_key',
    404: 'model_not_found',
    429: 'rate_limit_exceeded',
    503: 'overloaded',
  };
  return new ApiError(status, `Injected fault: status ${status}.`, codes[status] ?? null).body();
}
