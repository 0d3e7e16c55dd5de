// names.ts: every name that ends up in a history or in the server's schema. Permanent: reviewed like a
// database schema, only ever added to (docs/decisions/0003-permanent-names.md).

/** Workflow types. `forget` removes a closed task; `share` and `background` are reserved for wide fan-outs and for work that outlives the answer. */
export const WORKFLOWS = {
  masterAgent: 'masterAgent',
  share: 'share',
  background: 'background',
  forget: 'forget',
} as const;

/**
 * Signals to the master. `report` is what workers sent before reports came in lists; `answer` carries a reply from outside;
 * `reading` tells how far the documents are read; `command` is the Update of that name where no worker could answer it.
 */
export const SIGNALS = {
  report: 'report',
  reports: 'reports',
  answer: 'answer',
  reading: 'reading',
  command: 'command',
  /** Whoever waits for an answer at once waits no longer. */
  demote: 'demote',
  /** Who is about to cancel the task, and why: Temporal's own cancel, which follows, tells the Workflow neither. */
  cancelling: 'cancelling',
} as const;

/** Updates of the master. */
export const UPDATES = { command: 'command', answerSoFar: 'answerSoFar' } as const;

/** Signals to a task's background child: its master has ended, was demoted, came so far; send a dead delivery again. */
export const BACKGROUND_SIGNALS = {
  ended: 'ended',
  demoted: 'demoted',
  progress: 'progress',
  redeliver: 'redeliver',
} as const;

/** Queries of the master, and of its background child; each runs without an argument. */
export const QUERIES = { progress: 'progress', events: 'events', findings: 'findings', rows: 'rows' } as const;

/** Search attributes, all Keyword. */
export const SEARCH_ATTRIBUTES = {
  class: 'MusterClass',
  tenant: 'MusterTenant',
  state: 'MusterState',
  session: 'MusterSession',
} as const;

/**
 * Memo keys: the request's hash, its tenant, whether it asks for something behind the answer, the verdict that chose its path, and
 * the schedule that started it, from the start; the digest of its result once the answer, or the end, is there.
 */
export const MEMO = {
  requestHash: 'requestHash',
  goal: 'goal',
  tenant: 'tenant',
  result: 'result',
  background: 'background',
  schedule: 'schedule',
  route: 'route',
} as const;

/** Headers of Workflows and Activities: W3C Trace Context and Baggage, as text. */
export const TRACE_HEADERS = ['traceparent', 'baggage'] as const;

/** Of the master's own steps that ask a model, by their names: ids where a log needs a key like a subtask's. */
export const STEP_LOGS = {
  plan: '_plan',
  synthesize: '_synthesize',
  verify: '_verify',
  shape: '_shape',
  direct: '_direct',
  /** A log each, by its round: the first is generation 1. */
  'answer so far': '_so-far',
  conflicts: '_conflicts',
  settle: '_settle',
  /** A log each: the first further round is generation 1. */
  round: '_round',
} as const;

/** Changes to the story that earlier histories do not have. */
export const PATCHES = {
  planWhileIndexing: 'plan-while-indexing',
  savingIgnoresCancel: 'saving-ignores-cancel',
  /** Each life of a subtask can be cancelled alone; findings that no report told of are events when it ends. */
  lives: 'lives',
  /** The answer is told of when nothing can change it any more and its result is in the store; the close comes behind it. */
  answerLast: 'answer-last',
  /** A Signal with another command under a known id is an event. */
  commandIds: 'command-ids',
  /** What a failed subtask found goes to those that need it. Asked for where one failed so. */
  failedNeedsHandOn: 'failed-needs-hand-on',
  /** … also what it found in an earlier fan-out, when one that needs it begins again. */
  failedBeforeHandsOn: 'failed-before-hands-on',
  /** A request that can't be accepted has no background child. Asked for where there is such a request alone. */
  refusedAlone: 'refused-alone',
  /** What an answer so far may spend is reserved while it is written. Asked for where a model writes one. */
  soFarReserves: 'so-far-reserves',
  /** Receivers are told of a demotion. Asked for where one is demoted whose receivers want to hear of that. */
  demotionTold: 'demotion-told',
} as const;

/** Task Queue of deep work in one deployment: only workers that hold its store poll it. */
export const deepQueue = (deployment: string): string => `muster-deep-${deployment}`;

/** Task Queue of what no answer waits for, in one deployment. */
export const backgroundQueue = (deployment: string): string => `muster-background-${deployment}`;

/** Task Queue of what no answer waits for, in the deployment that has this queue. */
export const backgroundQueueBeside = (queue: string): string => backgroundQueue(deploymentOf(queue));

/** Task Queue of deep work, in the deployment that has this queue; a queue of another name stays. */
export const deepQueueBeside = (queue: string): string => queue.replace(/^muster-fast-/, 'muster-deep-');

/** Task Queue of the fast path, in the deployment that has this queue; a queue of another name stays. */
export const fastQueueBeside = (queue: string): string => queue.replace(/^muster-deep-/, 'muster-fast-');

const deploymentOf = (queue: string): string => queue.replace(/^muster-(?:deep|fast|background)-/, '');

/** Workflow Id of a task's background child. */
export const backgroundId = (taskId: string): string => `${taskId}/background`;

/** The task of a background child, or of a task. */
export const taskOf = (id: string): string => (isBackgroundId(id) ? id.slice(0, -backgroundId('').length) : id);

/** Workflow Id of what removes a task. */
export const forgetId = (taskId: string): string => `${taskId}/forget`;

/** The task that a Workflow belongs to: itself, or the one whose background child, or whose removal, it is. */
export const taskOfWorkflow = (id: string): string => id.replace(/\/(?:background|forget)$/, '');

/** Whether a Workflow Id, or a name in the store, is that of a background child. */
export const isBackgroundId = (id: string): boolean => id.endsWith('/background');

/** Task Queue of the fast path in one deployment. */
export const fastQueue = (deployment: string): string => `muster-fast-${deployment}`;

/** Task Queues that a task's Workflow may be on: of deep work, and, where it began in a gateway, of the fast path. */
export const taskQueues = (deployment: string): [string, string] => [deepQueue(deployment), fastQueue(deployment)];

/** The same as a condition on what the server lists. */
export const isOnTaskQueue = (deployment: string): string =>
  `TaskQueue IN (${taskQueues(deployment)
    .map((queue) => `"${queue}"`)
    .join(', ')})`;
