// names.ts: every name that ends up in a history or in the server's schema. Permanent: reviewed like a
// database schema, only ever added to (docs/decisions/0003-permanent-names.md).

/** Workflow types. `share` and `background` are reserved for wide fan-outs and for work that outlives the answer. */
export const WORKFLOWS = { masterAgent: 'masterAgent', share: 'share', background: 'background' } as const;

/**
 * Signals to the master. `report` is what workers sent before reports came in lists; `answer` carries a reply from outside;
 * `reading` tells how far the documents are read.
 */
export const SIGNALS = { report: 'report', reports: 'reports', answer: 'answer', reading: 'reading' } as const;

/** Queries of the master; each runs without an argument. */
export const QUERIES = { progress: 'progress', events: 'events', findings: 'findings' } as const;

/** Search attributes, all Keyword. */
export const SEARCH_ATTRIBUTES = {
  class: 'MusterClass',
  tenant: 'MusterTenant',
  state: 'MusterState',
  session: 'MusterSession',
} as const;

/** Memo keys: the request's hash and its tenant from the start; the digest of the result once the task closed. */
export const MEMO = { requestHash: 'requestHash', goal: 'goal', tenant: 'tenant', result: 'result' } as const;

/** Of the master's own steps that ask a model, by their names: ids where a log needs a key like a subtask's. */
export const STEP_LOGS = { plan: '_plan', synthesize: '_synthesize', verify: '_verify', shape: '_shape' } as const;

/** Changes to the story that earlier histories do not have. */
export const PATCHES = {
  planWhileIndexing: 'plan-while-indexing',
  savingIgnoresCancel: 'saving-ignores-cancel',
  /** Each life of a subtask can be cancelled alone; findings that no report told of are events when it ends. */
  lives: 'lives',
} as const;

/** Task Queue of deep work in one deployment: only workers that hold its store poll it. */
export const deepQueue = (deployment: string): string => `muster-deep-${deployment}`;

/** Task Queue of the fast path in one deployment; reserved from the first day. @public */
export const fastQueue = (deployment: string): string => `muster-fast-${deployment}`;
