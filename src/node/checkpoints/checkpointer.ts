import type { Broadcaster } from '../../broadcast/broadcaster.ts';
import { Busy } from '../../broadcast/model.ts';
import type { Checkpoint } from '../../snapshot/checkpoint.ts';
import { wallClock } from '../wall-clock.ts';
import type { CheckpointFolder } from './checkpoint-folder.ts';

/** What a model gives to a checkpoint; the rest is known by who shows it. */
export type Capture = Omit<Checkpoint, 'history' | 'isFinal'>;

/** What a {@link Checkpointer} works with. */
export interface CheckpointerOptions {
  readonly folder: CheckpointFolder;
  /** Who shows the model: its history is kept, and it is told of each checkpoint. */
  readonly shown: Broadcaster;
  /** All of the model as it is at one moment; undefined before there is something to keep. */
  readonly capture: () => Capture | undefined | Promise<Capture | undefined>;
  /** Milliseconds between two checkpoints, if something was learned. Default 60,000. */
  readonly everyMs?: number;
}

/** The pause after a checkpoint, in times of how long it took: learning must not suffer much. */
const restShare = 4;

/** So often at most the log of events tells of a checkpoint, in ms: it has other things to tell. */
const tellMs = 10_000;

/** How long somebody waits whose checkpoint could not be written, in ms. */
const retryMs = 1_000;

/** Writes checkpoints: every so often, soon after somebody asks for one, and at the end. */
export class Checkpointer {
  readonly #options: CheckpointerOptions;
  readonly #timer: ReturnType<typeof setInterval>;
  #running: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;
  #step = -1;
  #tookMs = 0;
  #toldAt = Number.NEGATIVE_INFINITY;
  #isClosed = false;
  #closing: Promise<void> | undefined;

  constructor(options: CheckpointerOptions) {
    const { everyMs = 60_000, shown } = options;
    if (!(everyMs > 0)) throw new RangeError(`everyMs must be above 0, not ${everyMs}`);
    this.#options = options;
    this.#timer = setInterval(() => {
      // Whoever waits is told; all others by the event.
      if (shown.step !== this.#step) this.saved().catch(() => {});
    }, everyMs);
    this.#timer.unref();
  }

  /**
   * Done when a checkpoint on disk contains all that had been learned when this was called. All who
   * ask while one is being written share the next. Rejects with a {@link Busy} where it failed.
   */
  saved(): Promise<void> {
    this.#next ??= this.#after(this.#running);
    return this.#next;
  }

  /**
   * Writes the last one, and gives the folder to the next process; nothing may be learned afterwards.
   * Rejects with a {@link Busy} where the last one could not be written.
   */
  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    clearInterval(this.#timer);
    await this.#next?.catch(() => {});
    this.#isClosed = true;
    try {
      await this.saved();
    } finally {
      await this.#options.folder.close();
    }
  }

  async #after(running: Promise<void>): Promise<void> {
    await running.catch(() => {});
    // Others may join in the meantime.
    if (!this.#isClosed) await later(restShare * this.#tookMs);
    this.#running = this.#write();
    this.#next = undefined;
    await this.#running;
  }

  async #write(): Promise<void> {
    const { folder, shown, capture } = this.#options;
    const startMs = wallClock.now();
    try {
      const captured = await capture();
      if (!captured) return;
      const { history } = shown;
      const file = await folder.add({ ...captured, history, isFinal: this.#isClosed });
      this.#step = captured.step;
      this.#tookMs = wallClock.now() - startMs;
      this.#tell(file);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const message = `the checkpoint could not be written: ${reason}`;
      shown.event({ kind: 'error', step: shown.step, message });
      // Whoever is far away need not know of our disk; whoever is here finds the cause.
      throw new Busy('the checkpoint could not be written', retryMs, { cause: error });
    }
  }

  #tell(file: string): void {
    const now = wallClock.now();
    if (now - this.#toldAt < tellMs) return;
    this.#toldAt = now;
    const message = `kept in ${file}`;
    this.#options.shown.event({ kind: 'checkpoint', step: this.#step, message, detail: { file } });
  }
}

const later = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
