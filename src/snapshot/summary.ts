import type { Reading, Score } from '../evaluate/evaluation.ts';
import type { Learner, Tensor, Update } from '../learn/learner.ts';
import { LayerHealth, lookedMax } from './layer-health.ts';
import { RecentUpdates } from './recent-updates.ts';
import type { Prediction, Snapshot } from './snapshot.ts';

/** How many features of a sample people are shown. */
const featuresMax = 64;

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
  /** Where the newest updates are kept, for others to read. Default: in the summary alone. */
  readonly recent?: RecentUpdates<Update & Partial<Score>>;
  /** How many samples were refused so far. Default: none. */
  readonly rejected?: () => number;
}

/**
 * Makes snapshots of a learner. It takes each score, which costs one write, and copies and computes
 * only when a snapshot is requested: at the rate of the viewers, not of the samples.
 */
export class Summary {
  readonly #learner: Learner;
  readonly #options: SummaryOptions;
  readonly #recent: RecentUpdates<Update & Partial<Score>>;
  readonly #shown: number;
  readonly #health: LayerHealth;

  constructor(learner: Learner, options: SummaryOptions = {}) {
    const { predictions = 20 } = options;
    if (!Number.isInteger(predictions) || predictions < 0) {
      throw new RangeError(`predictions must be a whole number of at least 0, not ${predictions}`);
    }
    this.#learner = learner;
    this.#options = options;
    const kept = Math.max(predictions, lookedMax);
    this.#shown = predictions;
    this.#recent = options.recent ?? new RecentUpdates(kept);
    if (this.#recent.capacity < kept) {
      throw new RangeError(
        `recent must have a capacity of at least ${kept} updates, not ${this.#recent.capacity}`,
      );
    }
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
      predictions: this.#recent.newest(this.#shown).map((update) => shown(update, classes)),
      tensors,
      ...(layers.length > 0 && { layers }),
      ...(classes && { classes }),
    };
  }
}

const parameterCountOf = (tensors: readonly Tensor[]): number =>
  tensors.reduce((sum, { values }) => sum + values.length, 0);
