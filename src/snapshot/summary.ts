import type { Reading, Score } from '../evaluate/evaluation.ts';
import type { Learner, Tensor, Update } from '../learn/learner.ts';
import { LayerHealth, lookedMax } from './layer-health.ts';
import type { Prediction, Snapshot } from './snapshot.ts';

/** How many features of a sample people are shown. */
const featuresMax = 64;

/** Keeps the newest updates, and shows them as predictions beside their truth. */
class RecentPredictions<Value extends Update = Update> {
  readonly #ring: (Value | undefined)[];
  readonly #shown: number;
  #taken = 0;
  /** The place of the next one: taken modulo the length, without a division for each sample. */
  #next = 0;

  /** Keeps at least `kept` of them, and shows `size`. */
  constructor(size: number, kept: number) {
    this.#ring = new Array<Value | undefined>(Math.max(size, kept)).fill(undefined);
    this.#shown = size;
  }

  /** One write a sample: what is kept is turned into something to show when it is asked for. */
  add(update: Value): void {
    this.#ring[this.#next] = update;
    this.#next = this.#next + 1 === this.#ring.length ? 0 : this.#next + 1;
    this.#taken += 1;
  }

  /** Copies, newest last. `classes` are the names of the outputs, where they are classes. */
  list(classes: readonly string[] | undefined): Prediction[] {
    return this.newest(this.#shown).map((update) => shown(update, classes));
  }

  /** The newest of those that are kept, at most so many, newest last. */
  newest(most: number): Value[] {
    const { length } = this.#ring;
    const count = Math.min(this.#taken, length, most);
    return Array.from({ length: count }, (_, i) => this.#ring[(this.#taken - count + i) % length]!);
  }
}

const shown = (
  { step, sample, prediction, cost }: Update,
  classes: readonly string[] | undefined,
): Prediction => {
  const { id, x, y } = sample;
  return {
    step,
    ...(id !== undefined && { id }),
    x: Array.from({ length: Math.min(x.length, featuresMax) }, (_, i) => x[i]!),
    ...(y !== undefined && { y: truth(y, classes) }),
    prediction: Array.from(prediction),
    cost,
  };
};

const truth = (y: ArrayLike<number>, classes: readonly string[] | undefined): number | string => {
  if (!classes) return y[0]!;
  const at = Array.prototype.indexOf.call(y, Math.max(...Array.from(y)));
  return classes[at] ?? String(at);
};

/** Where the measures are read. */
export interface Measures {
  /** Samples that had been scored before: if any, they are shown until the first update comes. */
  readonly step: number;
  /** All measures as they are now. */
  read(): Reading;
}

/** Options of {@link Summary}. */
export interface SummaryOptions {
  /** How many of the newest predictions a snapshot shows: ≥ 0. Default 20. */
  readonly predictions?: number;
  /** The names of the outputs as they are now, where they are classes. */
  readonly classes?: () => readonly string[];
  /** Default: the newest score is read. */
  readonly measures?: Measures;
  /** How many samples were refused so far. Default: none. */
  readonly rejected?: () => number;
}

/**
 * Makes snapshots of a learner. It takes each score, which costs one write, and copies and computes
 * only when a snapshot is asked for: that is at the watchers' rate, not the samples'.
 */
export class Summary {
  readonly #learner: Learner;
  readonly #options: SummaryOptions;
  readonly #recent: RecentPredictions<Update & Partial<Score>>;
  readonly #health: LayerHealth;

  constructor(learner: Learner, options: SummaryOptions = {}) {
    const { predictions = 20 } = options;
    if (!Number.isInteger(predictions) || predictions < 0) {
      throw new RangeError(`predictions must be a whole number of at least 0, not ${predictions}`);
    }
    this.#learner = learner;
    this.#options = options;
    this.#recent = new RecentPredictions(predictions, lookedMax);
    this.#health = new LayerHealth(learner);
  }

  /** Takes the newest score; an update is enough where the measures are read elsewhere. */
  add(update: Update & Partial<Score>): void {
    this.#recent.add(update);
  }

  /** Everything as it is now; undefined before the first score. */
  snapshot(): Snapshot | undefined {
    const { classes: names, rejected, measures } = this.#options;
    const newest = this.#recent.newest(1)[0];
    const step = newest?.step ?? measures?.step ?? 0;
    if (!newest && step === 0) return undefined;
    const reading = measures?.read() ?? newest?.read?.();
    if (!reading) return undefined;
    const classes = names && [...names()];
    const tensors = this.#learner.tensors?.() ?? [];
    const layers = this.#health.read(this.#recent.newest(lookedMax), parameterCountOf(tensors));
    return {
      step,
      ...reading,
      rejected: rejected?.() ?? 0,
      predictions: this.#recent.list(classes),
      tensors,
      ...(layers.length > 0 && { layers }),
      ...(classes && { classes }),
    };
  }
}

const parameterCountOf = (tensors: readonly Tensor[]): number =>
  tensors.reduce((sum, { values }) => sum + values.length, 0);
