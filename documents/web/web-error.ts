// web-error.ts: why a page could not be read, in words that tell a model or a person what to do, and that tell nobody
// what the worker's own network looks like.

/** Who could change it: the operator (NotAllowed), time or the page's owner (Unreachable), nobody (Unreadable). */
export type WebErrorType = 'NotAllowed' | 'Unreachable' | 'Unreadable';

export class WebError extends Error {
  override readonly name = 'WebError';
  readonly type: WebErrorType;
  constructor(type: WebErrorType, message: string) {
    super(message);
    this.type = type;
  }
}
