import type { Broadcaster } from '../../../broadcast/broadcaster.ts';
import type { Durability } from '../../../broadcast/durability.ts';
import { Busy } from '../../../broadcast/model.ts';
import type { Checkpoint } from '../../../snapshot/checkpoint.ts';
import { timerMsMax, wallClock } from '../../threads/wall-clock.ts';
import type { CheckpointFolder } from './checkpoint-folder.ts';
import { diskReason } from './disk-errors.ts';

/** What a model gives to a checkpoint; the rest is known by who shows it. */
export type Capture = Omit<Checkpoint, 'history' | 'isFinal'>;

/** What a {@link Checkpointer} works with. */
export interface CheckpointerOptions {
  /** Where checkpoints are written. */
  readonly folder: CheckpointFolder;
  /** The broadcaster of the model: its history is part of a checkpoint, and it is notified of each. */
  readonly shown: Broadcaster;
  /** All of the model as it is at one moment; undefined before there is something to keep. */
  readonly capture: () => Capture | undefined | Promise<Capture | undefined>;
  /** Told what a checkpoint on disk contains. Default: nobody. */
  readonly written?: (captured: Capture) => void;
  /** Milliseconds between two checkpoints, if something was learned: above 0. Default 60,000. */
  readonly everyMs?: number;
  /** How long a checkpoint may take, in ms: above 0. A disk that is slower has failed. Default 30,000. */
  readonly timeoutMs?: number;
}

/** The pause after a checkpoint, in times of how long it took: learning must not suffer much. */
const restShare = 4;

/** So often at most the log of events tells of a checkpoint, in ms: it has other things to tell. */
const tellMs = 10_000;

/** How long somebody waits whose checkpoint could not be written, in ms. */
const retryMs = 1_000;

/** The interval of further attempts after a failed one, in ms. */
const recoverMs = 5_000;

/**
 * Writes checkpoints: every so often, soon after somebody asks for one, and at the end. Given to `serve`
 * beside the model, it decides on readiness and shows how old the newest checkpoint is.
 */
export class Checkpointer implements Durability {
  readonly #options: CheckpointerOptions;
  readonly #timeoutMs: number;
  readonly #recoverMs: number;
  readonly #timer: ReturnType<typeof setInterval>;
  #recovery: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;
  /** What the disk has not answered to yet. */
  #writing: Promise<unknown> | undefined;
  #step = -1;
  #tookMs = 0;
  #toldAt = Number.NEGATIVE_INFINITY;
  #completeAt = wallClock.now();
  #failure: string | undefined;
  #failures = 0;
  #toldFailure = { reason: '', at: Number.NEGATIVE_INFINITY };
  #isClosed = false;
  #closing: Promise<void> | undefined;

  constructor(options: CheckpointerOptions) {
    const { everyMs = 60_000, timeoutMs = 30_000 } = options;
    if (!(everyMs > 0)) throw new RangeError(`everyMs must be above 0, not ${everyMs}`);
    if (!(timeoutMs > 0)) throw new RangeError(`timeoutMs must be above 0, not ${timeoutMs}`);
    this.#options = options;
    this.#timeoutMs = Math.min(timeoutMs, timerMsMax);
    this.#recoverMs = Math.min(everyMs, recoverMs);
    this.#timer = setInterval(() => this.#tick(), Math.min(everyMs, timerMsMax));
    this.#timer.unref();
  }

  get failure(): string | undefined {
    return this.#failure;
  }

  get failures(): number {
    return this.#failures;
  }

  get ageMs(): number {
    return wallClock.now() - this.#completeAt;
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

  #tick(): void {
    // Waiting callers get the error; all others the event.
    if (this.#options.shown.step !== this.#step) this.saved().catch(() => {});
    else this.#completeAt = wallClock.now();
  }

  async #end(): Promise<void> {
    clearInterval(this.#timer);
    await this.#next?.catch(() => {});
    this.#isClosed = true;
    try {
      await this.saved();
    } finally {
      clearTimeout(this.#recovery);
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
    const startMs = wallClock.now();
    try {
      const written = await this.#inTime();
      if (!written) return;
      this.#step = written.step;
      this.#completeAt = written.at;
      this.#tookMs = wallClock.now() - startMs;
      this.#failure = undefined;
      this.#tell(written.file);
    } catch (error) {
      this.#failed(diskReason(error));
      // Remote clients get no details of the disk; the log has the cause.
      throw new Busy('the checkpoint could not be written', retryMs, { cause: error });
    }
  }

  /** Two writes at once would want the same name: as long as the disk is silent, the next one fails. */
  #inTime(): Promise<Written | undefined> {
    if (this.#writing) throw new Error(`the disk has not answered for ${this.#timeoutMs} ms`);
    const writing = this.#add();
    this.#writing = writing;
    const finished = (): void => {
      this.#writing = undefined;
    };
    writing.then(finished, finished);
    return withinMs(writing, this.#timeoutMs);
  }

  async #add(): Promise<Written | undefined> {
    const { folder, shown, capture } = this.#options;
    const captured = await capture();
    if (!captured) return undefined;
    const at = wallClock.now();
    const { history } = shown;
    const file = await folder.add({ ...captured, history, isFinal: this.#isClosed });
    this.#options.written?.(captured);
    return { file, step: captured.step, at };
  }

  #failed(reason: string): void {
    this.#failure = reason;
    this.#failures += 1;
    clearTimeout(this.#recovery);
    this.#recovery = setTimeout(() => void this.saved().catch(() => {}), this.#recoverMs);
    this.#recovery.unref();
    const now = wallClock.now();
    const { reason: told, at } = this.#toldFailure;
    if (told === reason && now - at < tellMs) return;
    this.#toldFailure = { reason, at: now };
    const { shown } = this.#options;
    const message = `the checkpoint could not be written: ${reason}`;
    shown.event({ kind: 'error', step: shown.step, message });
  }

  #tell(file: string): void {
    const now = wallClock.now();
    if (now - this.#toldAt < tellMs) return;
    this.#toldAt = now;
    const message = `kept in ${file}`;
    this.#options.shown.event({ kind: 'checkpoint', step: this.#step, message, detail: { file } });
  }
}

/** A checkpoint that is on the disk, and when what it holds was true. */
interface Written {
  readonly file: string;
  readonly step: number;
  readonly at: number;
}

const withinMs = <Value>(promise: Promise<Value>, ms: number): Promise<Value> =>
  new Promise((resolve, reject) => {
    const late = (): void => reject(new Error(`the disk has not answered for ${ms} ms`));
    const timer = setTimeout(late, ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });

const later = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
