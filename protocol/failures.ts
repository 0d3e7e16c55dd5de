// failures.ts: the closed catalogue of what can go wrong, named by what happens next.
// Each row: may the same work succeed if tried again, who can mend it, and what to do. Never thrown from here.
// Held to docs/failures.md by test/protocol/failures.test.ts, in both directions.

/** Who can mend a failure. */
export type Mender = 'caller' | 'operator' | 'provider' | 'developer' | 'nobody';

interface FailureRow {
  readonly retryable: boolean;
  readonly mender: Mender;
  readonly hint: string;
}

export const FAILURES = {
  RequestInvalid: {
    retryable: false,
    mender: 'caller',
    hint: 'Change the request as the message says and start it again.',
  },
  RequestExceedsCeiling: {
    retryable: false,
    mender: 'caller',
    hint: 'Ask for less, or have the operator raise the ceiling of that class on the worker.',
  },
  SourceNotFound: {
    retryable: false,
    mender: 'caller',
    hint: 'Check the path: it is read on the worker, not where you type.',
  },
  SourceNotAllowed: {
    retryable: false,
    mender: 'operator',
    hint: 'Add the folder to "roots", or the host to "web", in the file that MUSTER_CONFIG names; a folder can also be named with --docs when the stack starts.',
  },
  SourceUnreadable: {
    retryable: false,
    mender: 'caller',
    hint: 'Name a file, folder or page with text in it: .md, .txt, .html, .pdf, .json or code.',
  },
  SourceTooLarge: {
    retryable: false,
    mender: 'caller',
    hint: 'Leave folders out with --exclude, select files with --include, or name a smaller folder; "corpus" in the config file of the worker raises the bound.',
  },
  ModelKeyRefused: {
    retryable: false,
    mender: 'operator',
    hint: 'Set OPENAI_API_KEY to a key that this provider accepts and restart the worker.',
  },
  ModelNotFound: {
    retryable: false,
    mender: 'operator',
    hint: 'Set MUSTER_MODEL to a model that this provider serves (its /v1/models lists them).',
  },
  ModelAddressWrong: {
    retryable: false,
    mender: 'operator',
    hint: 'No model’s API is at this address: set OPENAI_BASE_URL, or "baseURL" of the provider, as its docs name it; most end in /v1.',
  },
  ContentRefused: {
    retryable: false,
    mender: 'caller',
    hint: 'The provider’s filter, or the model, refuses to answer this: ask in other words, or use another model.',
  },
  ModelRequestRejected: {
    retryable: false,
    mender: 'developer',
    hint: 'The provider refused the request itself; its message says why.',
  },
  ModelQuotaExhausted: {
    retryable: false,
    mender: 'operator',
    hint: 'The account has no quota left: add credit or switch provider.',
  },
  ModelRateLimited: {
    retryable: true,
    mender: 'provider',
    hint: 'Waits as long as the provider asks, then goes on by itself.',
  },
  ModelUnavailable: {
    retryable: true,
    mender: 'provider',
    hint: 'The provider did not answer properly; it is asked again with growing pauses.',
  },
  ModelTimedOut: {
    retryable: true,
    mender: 'provider',
    hint: 'No byte came for the idle limit, or the output had no end; the call is made again.',
  },
  ModelOutputInvalid: {
    retryable: false,
    mender: 'provider',
    hint: 'What the model answered did not pass the checks (its form, its quotes) twice: try a stronger model.',
  },
  ToolsFailed: {
    retryable: false,
    mender: 'operator',
    hint: 'Every tool call failed, so nothing was looked at: see the last error, and whether model and tools fit each other.',
  },
  AttemptsExhausted: {
    retryable: false,
    mender: 'provider',
    hint: 'The last error says what stayed wrong; start the task again when it is mended.',
  },
  LimitReached: {
    retryable: false,
    mender: 'caller',
    hint: 'Ask a narrower question, or use a class with larger limits.',
  },
  DeadlineReached: {
    retryable: false,
    mender: 'caller',
    hint: 'What was found until then is kept; a class with a later deadline gives more time.',
  },
  NeedsFailed: { retryable: false, mender: 'nobody', hint: 'It waited for a subtask that failed; see that one.' },
  AllSubtasksFailed: {
    retryable: false,
    mender: 'caller',
    hint: 'The reasons stand with each subtask; mend the first and start again.',
  },
  InputInvalid: {
    retryable: false,
    mender: 'developer',
    hint: 'The kind asks for another input than its plan gave: change the one or the other.',
  },
  KindUnknown: {
    retryable: false,
    mender: 'operator',
    hint: 'This worker has no such sub-agent kind: name its file under "extensions" in the config file, or hand it to createWorker({ extensions }).',
  },
  DiesAtOnePoint: {
    retryable: false,
    mender: 'developer',
    hint: 'Something in this work ends the process: see the tool, or the check of the output, that is named, and what it was given.',
  },
  Stopped: {
    retryable: false,
    mender: 'nobody',
    hint: 'It was cancelled; what it had found until then is kept.',
  },
  PlanNotApproved: {
    retryable: false,
    mender: 'caller',
    hint: 'No sub-agent has begun, and what was read is kept: ask again in other words, or approve the next plan in time.',
  },
  CheckpointMissing: {
    retryable: false,
    mender: 'operator',
    hint: 'The store lost records that were written: restore it, or start the task again knowing that it is paid again.',
  },
  StoreUnavailable: {
    retryable: true,
    mender: 'operator',
    hint: 'Nothing goes on without its checkpoint: free space or bring the store back; work resumes by itself.',
  },
} as const satisfies Record<string, FailureRow>;

export type FailureType = keyof typeof FAILURES;

/** A failure as data: what a history, a log and a reader see. `message` is one sentence for a person. */
export interface Failure {
  type: FailureType;
  message: string;
}

/** True when `type` is a row of the catalogue (an ApplicationFailure's type is any string). */
export function isFailureType(type: unknown): type is FailureType {
  return typeof type === 'string' && Object.hasOwn(FAILURES, type);
}

/** Whether a payload is a failure of the catalogue. */
export function isFailure(payload: unknown): payload is Failure {
  const { type, message } = (payload ?? {}) as Partial<Record<string, unknown>>;
  return isFailureType(type) && typeof message === 'string';
}

/** What to do about it, in words for a person. */
export function hintFor(type: FailureType): string {
  // A newer worker or store may name one that this version has not.
  return isFailureType(type) ? FAILURES[type].hint : 'This version of Muster does not know this failure: update it.';
}

/** A failure as data from the type and message that an ApplicationFailure carries. */
export function asFailure(type: unknown, message: string, otherwise: FailureType): Failure {
  return { type: isFailureType(type) ? type : otherwise, message };
}
