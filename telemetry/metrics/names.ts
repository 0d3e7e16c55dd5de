// names.ts: every metric once: name, unit, labels and what it says. Held to docs/metrics.md in both directions by
// test/telemetry/metric-names.test.ts. Names are permanent: dashboards and alerts of others hang on them.

/** A label whose values come from configuration: at most so many different ones, then `other` (registry.ts). */
const OPEN = null;

/** Upper bounds in seconds: of what the disk does, of calls, and of whole tasks. */
const DISK = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];
const CALL = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];
const TASK = [0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600, 14_400];
const WAIT = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800];
/** Deliveries are tried again for days. */
const LAG = [0.1, 0.5, 1, 5, 30, 60, 300, 1_800, 3_600, 21_600, 86_400, 259_200];

const PATHS = ['fast', 'deep'] as const;
const ENDINGS = ['completed', 'failed', 'cancelled', 'terminated'] as const;
const QUEUES = ['deep', 'fast', 'background'] as const;

export type Role = 'worker' | 'gateway';

export interface Metric {
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** Of the value; `1` for a number of things. */
  readonly unit: 'seconds' | 'tokens' | 'dollars' | 'bytes' | '1';
  /** Its values, all of them where they are known; null where configuration names them. */
  readonly labels: Readonly<Record<string, readonly string[] | null>>;
  readonly buckets?: readonly number[];
  /** A gauge that is counted up and down, and so stands at 0 at the start; counters with known labels do anyway. */
  readonly isCounted?: true;
  /** Processes that have it. */
  readonly of: readonly Role[];
  /** One sentence. */
  readonly help: string;
}

const WORKER = ['worker'] as const;
const GATEWAY = ['gateway'] as const;
const BOTH = ['worker', 'gateway'] as const;

export const METRICS = {
  muster_tasks_accepted_total: {
    type: 'counter',
    unit: '1',
    labels: { class: OPEN, path: PATHS },
    of: GATEWAY,
    help: 'Tasks that this gateway started; one that was asked for again is not counted.',
  },
  muster_tasks_refused_total: {
    type: 'counter',
    unit: '1',
    labels: { reason: OPEN },
    of: GATEWAY,
    help: 'Starts that this gateway refused, by the code of the problem.',
  },
  muster_tasks_total: {
    type: 'counter',
    unit: '1',
    labels: { class: OPEN, path: PATHS, outcome: ENDINGS },
    of: WORKER,
    help: 'Tasks that ended, counted by the worker that wrote their row of the class history.',
  },
  muster_task_seconds: {
    type: 'histogram',
    unit: 'seconds',
    labels: { class: OPEN, path: PATHS },
    buckets: TASK,
    of: WORKER,
    help: 'From a task’s acceptance to its end, without the time in which it was paused or waited for a person.',
  },
  muster_task_queue_seconds: {
    type: 'histogram',
    unit: 'seconds',
    labels: { class: OPEN, path: PATHS },
    buckets: WAIT,
    of: WORKER,
    help: 'From a task’s acceptance until a worker began with it.',
  },
  muster_eta_coverage_ratio: {
    type: 'gauge',
    unit: '1',
    labels: { class: OPEN, path: PATHS },
    of: WORKER,
    help: 'Share of the last completed tasks that ended within the P90 of the time left that is told at a start; 0.9 is meant.',
  },
  muster_eta_coverage_tasks: {
    type: 'gauge',
    unit: '1',
    labels: { class: OPEN, path: PATHS },
    of: WORKER,
    help: 'How many completed tasks that share is of, 100 at most.',
  },
  muster_first_finding_seconds: {
    type: 'histogram',
    unit: 'seconds',
    labels: { class: OPEN },
    buckets: TASK,
    of: WORKER,
    help: 'From a task’s acceptance until its first finding was known; tasks without one are not among them.',
  },
  muster_subtasks_total: {
    type: 'counter',
    unit: '1',
    labels: { kind: OPEN, outcome: ['done', 'failed', 'skipped', 'stopped'] },
    of: WORKER,
    help: 'Subtasks of tasks that ended.',
  },
  muster_retries_total: {
    type: 'counter',
    unit: '1',
    labels: { kind: OPEN },
    of: WORKER,
    help: 'Visits of subtasks after a failure, and lives after the first, of tasks that ended.',
  },
  muster_merged_subtasks_total: {
    type: 'counter',
    unit: '1',
    labels: {},
    of: WORKER,
    help: 'Subtasks that were not begun, since another one asks for the same.',
  },
  muster_rounds_total: {
    type: 'counter',
    unit: '1',
    labels: { outcome: ['nothing', 'more', 'filled'] },
    of: WORKER,
    help: 'Further rounds that ended, by what they brought: nothing, more findings, or what an earlier subtask had left open.',
  },
  muster_conflicts_total: {
    type: 'counter',
    unit: '1',
    labels: { state: ['found', 'settled'] },
    of: WORKER,
    help: 'Things that sources of a task say differently; and of these, such as have a side that holds.',
  },
  muster_sub_agents: {
    type: 'gauge',
    unit: '1',
    labels: { state: ['running', 'waiting'] },
    isCounted: true,
    of: WORKER,
    help: 'Sub-agents at work in this process; and model calls that wait for a place at their provider, those of the master’s steps among them.',
  },
  muster_model_calls_total: {
    type: 'counter',
    unit: '1',
    labels: { model: OPEN },
    of: WORKER,
    help: 'Model calls whose reply is on disk.',
  },
  muster_model_faults_total: {
    type: 'counter',
    unit: '1',
    labels: { model: OPEN, reason: OPEN },
    of: WORKER,
    help: 'Model calls that failed, by the type of the failure; without those that were not made since the provider was down.',
  },
  muster_model_call_seconds: {
    type: 'histogram',
    unit: 'seconds',
    labels: { model: OPEN },
    buckets: CALL,
    of: WORKER,
    help: 'How long calls took whose reply is on disk, without waiting for a place.',
  },
  muster_model_first_byte_seconds: {
    type: 'histogram',
    unit: 'seconds',
    labels: { model: OPEN },
    buckets: CALL,
    of: WORKER,
    help: 'From the request of a model call to the first byte of its answer.',
  },
  muster_failovers_total: {
    type: 'counter',
    unit: '1',
    labels: { from: OPEN, to: OPEN },
    of: WORKER,
    help: 'Faults after which another model did the call.',
  },
  muster_breaker_open: {
    type: 'gauge',
    unit: '1',
    labels: { model: OPEN },
    of: WORKER,
    help: '1 from the outage after which a model’s provider is left alone until a call to it succeeds.',
  },
  muster_tokens_total: {
    type: 'counter',
    unit: 'tokens',
    labels: { model: OPEN, direction: ['input', 'output'] },
    of: WORKER,
    help: 'Tokens of model calls whose reply or fault is on disk.',
  },
  muster_cost_usd_total: {
    type: 'counter',
    unit: 'dollars',
    labels: { model: OPEN },
    of: WORKER,
    help: 'Dollars of model calls whose reply is on disk, of models whose prices are configured.',
  },
  muster_wasted_tokens_total: {
    type: 'counter',
    unit: 'tokens',
    labels: { reason: ['refused', 'failed_call', 'outrun', 'replaced', 'late', 'stopped', 'speculation'] },
    of: WORKER,
    help: 'Tokens that reached no answer: of replies that were refused, of calls that failed, of lives that another one outran or replaced, that were left behind when the join was decided, or that a person stopped before they had found anything, and about those of calls that left before their task was started and that nobody took over.',
  },
  muster_checkpoint_seconds: {
    type: 'histogram',
    unit: 'seconds',
    labels: {},
    buckets: DISK,
    of: WORKER,
    help: 'How long a record took to be on disk.',
  },
  muster_store_errors_total: {
    type: 'counter',
    unit: '1',
    labels: { operation: OPEN },
    of: BOTH,
    help: 'Calls of the store that failed.',
  },
  muster_deliveries_total: {
    type: 'counter',
    unit: '1',
    labels: { kind: OPEN, outcome: ['sent', 'retrying', 'dead', 'refused', 'disabled'] },
    of: WORKER,
    help: 'What became of tries to tell a receiver, by notifier.',
  },
  muster_dead_letters_total: {
    type: 'counter',
    unit: '1',
    labels: {},
    of: WORKER,
    help: 'Deliveries that were given up after the last try.',
  },
  muster_delivery_lag_seconds: {
    type: 'histogram',
    unit: 'seconds',
    labels: { kind: OPEN },
    buckets: LAG,
    of: WORKER,
    help: 'From what happened until its receiver had taken the news.',
  },
  muster_activities_running: {
    type: 'gauge',
    unit: '1',
    labels: { queue: QUEUES },
    isCounted: true,
    of: WORKER,
    help: 'Activities at work in this process.',
  },
  muster_activity_slots: {
    type: 'gauge',
    unit: '1',
    labels: { queue: QUEUES },
    of: WORKER,
    help: 'Activities that this process does at once.',
  },
  muster_cold_starts_total: {
    type: 'counter',
    unit: '1',
    labels: {},
    of: WORKER,
    help: 'Starts of workers of the deployment, kept in the store: every worker says the same number, so take the max.',
  },
  muster_cold_start_seconds: {
    type: 'gauge',
    unit: 'seconds',
    labels: { part: ['process', 'connection', 'bundle', 'total', 'documents', 'first_byte'] },
    of: WORKER,
    help: 'What the start of this process took, by part; documents and first_byte are known once it has opened and asked for the first time.',
  },
  muster_first_task_paid_seconds: {
    type: 'gauge',
    unit: 'seconds',
    labels: { part: ['waited', 'documents', 'first_byte'] },
    of: WORKER,
    help: 'What the first task after the start of this process paid for it.',
  },
  muster_warm_workers: {
    type: 'gauge',
    unit: '1',
    labels: {},
    of: BOTH,
    help: 'Workers that polled for tasks of this deployment in the last 70 seconds.',
  },
  muster_warm_workers_min: {
    type: 'gauge',
    unit: '1',
    labels: {},
    of: BOTH,
    help: 'minWarmWorkers of the config file.',
  },
  muster_queue_backlog: {
    type: 'gauge',
    unit: '1',
    labels: { queue: QUEUES, type: ['workflow', 'activity'] },
    of: BOTH,
    help: 'What waits on the server for a worker of this deployment, about: every process says the same, so take the max.',
  },
  muster_queue_oldest_seconds: {
    type: 'gauge',
    unit: 'seconds',
    labels: { queue: QUEUES, type: ['workflow', 'activity'] },
    of: BOTH,
    help: 'For how long the oldest of these has waited.',
  },
  muster_slo_seconds: {
    type: 'gauge',
    unit: 'seconds',
    labels: { class: OPEN },
    of: WORKER,
    help: 'Seconds that are promised of a class’s tasks.',
  },
  muster_slo_target_ratio: {
    type: 'gauge',
    unit: '1',
    labels: { class: OPEN },
    of: WORKER,
    help: 'Share of them that is to keep these.',
  },
  muster_slo_tasks: {
    type: 'gauge',
    unit: '1',
    labels: { class: OPEN },
    of: WORKER,
    help: 'Closed tasks of the last 28 days that count for it, of the last 1,000 of each path.',
  },
  muster_slo_attained_ratio: {
    type: 'gauge',
    unit: '1',
    labels: { class: OPEN },
    of: WORKER,
    help: 'Share of these that kept it.',
  },
  muster_slo_budget_left_ratio: {
    type: 'gauge',
    unit: '1',
    labels: { class: OPEN },
    of: WORKER,
    help: 'Share of the misses that are allowed which is left; below 0 more were missed.',
  },
  muster_misroutes: {
    type: 'gauge',
    unit: '1',
    labels: { class: OPEN, kind: ['late', 'not_enough', 'would_have_fitted'] },
    of: WORKER,
    help: 'Verdicts of the router that turned out wrong, among the last 50 of each path.',
  },
  muster_stream_readers: {
    type: 'gauge',
    unit: '1',
    labels: { transport: ['sse', 'websocket'] },
    isCounted: true,
    of: GATEWAY,
    help: 'Readers of tasks’ streams that are connected to this gateway.',
  },
  muster_event_loop_delay_seconds: {
    type: 'gauge',
    unit: 'seconds',
    labels: { quantile: ['0.5', '0.99', '1'] },
    of: BOTH,
    help: 'By how much timers of this process were late, of the last ten seconds or more.',
  },
  muster_sdk_metrics_up: {
    type: 'gauge',
    unit: '1',
    labels: {},
    of: WORKER,
    help: '1 when the metrics of the Temporal SDK are below these.',
  },
  process_cpu_seconds_total: {
    type: 'counter',
    unit: 'seconds',
    labels: {},
    of: BOTH,
    help: 'Processor time of this process.',
  },
  process_resident_memory_bytes: {
    type: 'gauge',
    unit: 'bytes',
    labels: {},
    of: BOTH,
    help: 'Memory of this process.',
  },
  process_start_time_seconds: {
    type: 'gauge',
    unit: 'seconds',
    labels: {},
    of: BOTH,
    help: 'When this process started, since the epoch.',
  },
} as const satisfies Record<string, Metric>;

export type MetricName = keyof typeof METRICS;

/** The labels of a metric, each with one of its values. */
export type LabelsOf<Name extends MetricName> = {
  readonly [
    Label in keyof (typeof METRICS)[Name]['labels']
  ]: (typeof METRICS)[Name]['labels'][Label] extends readonly (infer Value)[] ? Value : string;
};
