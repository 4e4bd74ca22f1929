import type { Score } from '../evaluate/evaluation.ts';
import type { Learner, Tensor } from '../learn/learner.ts';
import { LayerHealth, lookedMax } from './layer-health.ts';
import { RecentPredictions } from './recent-predictions.ts';
import type { Snapshot } from './snapshot.ts';

/** The newest sample that has been scored, and how all of them were. */
export type Scored = Pick<Score, 'step' | 'read'>;

/** Options of {@link Summary}. */
export interface SummaryOptions {
  /** How many of the newest predictions a snapshot shows: ≥ 0. Default 20. */
  readonly predictions?: number;
  /** The names of the outputs as they are now, where they are classes. */
  readonly classes?: () => readonly string[];
  /** What had been scored before; it is shown until the first score comes. Default: nothing. */
  readonly from?: Scored;
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
  readonly #recent: RecentPredictions<Score>;
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

  /** Takes the newest score. */
  add(score: Score): void {
    this.#recent.add(score);
  }

  /** Everything as it is now; undefined before the first score. */
  snapshot(): Snapshot | undefined {
    const { classes: names, rejected, from } = this.#options;
    const newest: Scored | undefined = this.#recent.newest(1)[0] ?? from;
    if (!newest) return undefined;
    const classes = names && [...names()];
    const tensors = this.#learner.tensors?.() ?? [];
    const layers = this.#health.read(this.#recent.newest(lookedMax), parameterCountOf(tensors));
    return {
      step: newest.step,
      ...newest.read(),
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
