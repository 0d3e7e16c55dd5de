// index.ts: the worker as a library: put a Muster Worker into a process of your own.

export { createWorker, type CreateWorkerOptions } from './create-worker.ts';
export type { MusterWorker } from './host-worker.ts';
export { openFastLane, type FastLane, type FastLaneOptions, type LaneLoad } from './fast-lane.ts';
export type { Extension } from './extension.ts';
export { workerConfig, describeConfig, type WorkerConfig } from './config.ts';
export { exportTraces, type TraceExports } from './export-traces.ts';
export { takeOverOrphans, type TakenOver } from './orphans.ts';
export { keepTokens, type TokenKeeper } from './task-tokens.ts';
export { fileStore } from '../store/file-store.ts';
export { openStore } from '../store/open-store.ts';
export { postgresStore } from '../store/postgres-store.ts';
export { startSweeping } from './sweep.ts';
