// trace.ts: a task's trace as plain data: spans that are made of what is recorded. The CLI makes lines of it, a receiver gets it.

export type Attributes = Record<string, string | number | boolean | string[]>;

export interface SpanEvent {
  name: string;
  /** ms since the epoch, as all times here. */
  at: number;
  attributes?: Attributes;
  /** Words of documents, people or models: as those of a span. */
  content?: Attributes;
}

export interface Span {
  traceId: string;
  spanId: string;
  /** Absent of the root. */
  parentId?: string;
  name: string;
  kind: 'internal' | 'client' | 'server';
  start: number;
  end: number;
  /** It goes on still: `end` is when it was looked at. */
  isOpen?: true;
  /** `message` may hold words of a model or of its server: it goes where contents go. */
  error?: { type: string; message?: string };
  attributes: Attributes;
  /** Prompts, answers, titles: what leaves only where that was asked for. */
  content?: Attributes;
  events: SpanEvent[];
  links?: { traceId: string; spanId: string }[];
}

/** What a task did, or does. */
export interface TaskTrace {
  traceId: string;
  /** Whether its caller wants it kept; undefined where no caller said. */
  isSampled?: boolean;
  /** The run whose trace it is. */
  run: string;
  /** Of the task itself, the earliest first. */
  spans: Span[];
  /** What goes on behind its answer, stretch by stretch. */
  background: Span[][];
}
