// cleanup.ts: what a run started, stopped in the opposite order, once, whichever way it ends.

type Stop = () => unknown;

export class Cleanup {
  readonly #stops: Stop[] = [];
  #running: Promise<void> | undefined;

  get hasBegun(): boolean {
    return this.#running !== undefined;
  }

  /** To be called before what it stops is there. Returns a way to stop it earlier. */
  add(stop: Stop): () => Promise<void> {
    let stopped: Promise<void> | undefined;
    const once = (): Promise<void> => (stopped ??= Promise.resolve().then(async () => void (await stop())));
    this.#stops.push(once);
    // Started while everything else is being stopped: not for long.
    if (this.#running) this.#running = Promise.all([this.#running, once()]).then(() => undefined);
    return once;
  }

  /** Stops all; what can't be stopped is said and does not keep the others. Asked twice, it is done once. */
  run(): Promise<void> {
    return (this.#running ??= this.#stopAll());
  }

  async #stopAll(): Promise<void> {
    for (let stop = this.#stops.pop(); stop; stop = this.#stops.pop()) {
      try {
        await stop();
      } catch (error) {
        process.stderr.write(`bench: not stopped: ${error instanceof Error ? error.message : String(error)}\n`);
      }
    }
  }
}
