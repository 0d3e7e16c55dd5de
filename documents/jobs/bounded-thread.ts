// bounded-thread.ts: the main thread's end of a thread for jobs of which nobody knows how long they take or how much
// memory they want: one at a time, stopped at a time limit. Started when first asked, again after it was stopped.

import { Worker } from 'node:worker_threads';
import type { JobReply } from './serve-jobs.ts';

/** A job ran out of time or memory, or its thread could not be started; the next job finds a fresh thread. */
export class JobStoppedError extends Error {
  override readonly name = 'JobStoppedError';
}

export interface BoundedThreadOptions {
  /** For people who look at the process. */
  name: string;
  /** The compiled module, which calls `serveJobs`. */
  entry: URL;
  /** Heap of the thread; a job that needs more is stopped. */
  memoryMb: number;
  /** Beside its heap: a job during which the process grows by more than this is stopped. Default: not looked at. */
  growthMb?: number;
  /** For the modules that the thread loads before its first job. Default: 30 s. */
  startMilliseconds?: number;
}

/** Between two looks at the memory. */
const WATCH_MS = 100;

interface Job<Input, Output> {
  input: Input;
  limitMs: number;
  signal: AbortSignal | undefined;
  resolve(output: Output): void;
  reject(error: unknown): void;
}

export class BoundedThread<Input, Output> {
  readonly #options: BoundedThreadOptions;
  readonly #queue: Job<Input, Output>[] = [];
  #worker: Worker | undefined;
  #ready = false;
  #running: Job<Input, Output> | undefined;
  #clock: NodeJS.Timeout | undefined;
  #watch: NodeJS.Timeout | undefined;

  constructor(options: BoundedThreadOptions) {
    this.#options = options;
  }

  /**
   * Runs a job. The clock starts when the job does, so that neither the queue nor the thread's start counts.
   *
   * @throws JobStoppedError; the signal's reason when it aborts; Error with the job's own message.
   */
  run(input: Input, { limitMs, signal }: { limitMs: number; signal?: AbortSignal | undefined }): Promise<Output> {
    return new Promise<Output>((resolve, reject) => {
      signal?.throwIfAborted();
      const onAbort = (): void => this.#abandon(job, signal?.reason);
      const leave = (): void => signal?.removeEventListener('abort', onAbort);
      const job: Job<Input, Output> = {
        input,
        limitMs,
        signal,
        resolve: (output) => (leave(), resolve(output)),
        reject: (error) => (leave(), reject(error as Error)),
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#queue.push(job);
      this.#next();
    });
  }

  /** Ends the thread; jobs that wait or run are refused. */
  async close(): Promise<void> {
    const worker = this.#worker;
    for (const job of this.#queue.splice(0)) job.reject(new JobStoppedError('the thread was closed'));
    this.#lose(worker, 'the thread was closed');
    await worker?.terminate();
  }

  #next(): void {
    if (this.#running || this.#queue.length === 0) return;
    const worker = this.#started();
    if (!this.#ready) return;
    const job = this.#queue.shift();
    if (!job) return;
    this.#running = job;
    worker.ref();
    this.#setClock(job.limitMs, `it took longer than ${job.limitMs} ms`);
    this.#watchGrowth(worker);
    worker.postMessage(job.input);
  }

  #started(): Worker {
    if (this.#worker) return this.#worker;
    const { name, entry, memoryMb, startMilliseconds = 30_000 } = this.#options;
    const worker = new Worker(entry, { name, execArgv: [], resourceLimits: { maxOldGenerationSizeMb: memoryMb } });
    this.#worker = worker;
    this.#setClock(startMilliseconds, `its thread did not start within ${startMilliseconds} ms`);
    worker.on('message', (reply: JobReply<Output>) => this.#settle(worker, reply));
    worker.on('error', (error: NodeJS.ErrnoException) =>
      this.#lose(
        worker,
        error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? `it needed more than ${memoryMb} MB` : error.message,
      ),
    );
    worker.on('exit', (code) => this.#lose(worker, `its thread ended with code ${code}`));
    return worker;
  }

  #settle(worker: Worker, reply: JobReply<Output>): void {
    if (worker !== this.#worker) return;
    clearTimeout(this.#clock);
    clearInterval(this.#watch);
    const job = this.#running;
    this.#running = undefined;
    if (reply.kind === 'ready') this.#ready = true;
    else if (reply.kind === 'done') job?.resolve(reply.output);
    else job?.reject(new Error(reply.message));
    // An idle thread is no reason for the process to stay alive.
    if (this.#queue.length === 0) worker.unref();
    this.#next();
  }

  #setClock(ms: number, how: string): void {
    const worker = this.#worker;
    clearTimeout(this.#clock);
    this.#clock = setTimeout(() => this.#stop(worker, how), ms);
  }

  /** Buffers are no part of a heap, and only the whole process's memory is told. */
  #watchGrowth(worker: Worker): void {
    const { growthMb } = this.#options;
    if (growthMb === undefined) return;
    const before = process.memoryUsage.rss();
    this.#watch = setInterval(() => {
      if (process.memoryUsage.rss() - before > growthMb * 1_000_000)
        this.#stop(worker, `it needed more than ${growthMb} MB`);
    }, WATCH_MS);
  }

  #stop(worker: Worker | undefined, how: string): void {
    void worker?.terminate();
    this.#lose(worker, how);
  }

  #abandon(job: Job<Input, Output>, reason: unknown): void {
    const place = this.#queue.indexOf(job);
    if (place !== -1) this.#queue.splice(place, 1);
    job.reject(reason);
    if (job === this.#running) this.#stop(this.#worker, 'it was cancelled');
  }

  #lose(worker: Worker | undefined, how: string): void {
    if (!worker || worker !== this.#worker) return;
    clearTimeout(this.#clock);
    clearInterval(this.#watch);
    this.#worker = undefined;
    const started = this.#ready;
    this.#ready = false;
    // A thread that never got ready would not do so for the next job either: all who wait are told.
    const jobs = this.#running ? [this.#running] : started ? [] : this.#queue.splice(0);
    this.#running = undefined;
    for (const job of jobs) job.reject(new JobStoppedError(how));
    this.#next();
  }
}
