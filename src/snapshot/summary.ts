import type { Reading, Score } from '../evaluate/evaluation.ts';
import type { Learner, Tensor, Update } from '../learn/learner.ts';
import { LayerHealth, lookedMax } from './layer-health.ts';
import { RecentPredictions } from './recent-predictions.ts';
import type { Snapshot } from './snapshot.ts';

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
