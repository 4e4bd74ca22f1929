import type { Update } from '../learn/learner.ts';
import type { Loss } from '../learn/loss.ts';
import { lengthened } from '../learn/prediction-cost.ts';
import { type RecentMemory, recentByMemory } from '../stream/recent-by-id.ts';
import type { Stateful } from '../stream/stateful.ts';

/** What first predictions remember: predictions whose truth has not come yet, by id. */
export type FirstPredictionsMemory = RecentMemory<Float64Array>;

/** Options of {@link firstPredictions}. */
export interface FirstPredictionsOptions {
  /** How many predictions are remembered. Default 10,000; the same as where labels are joined. */
  readonly capacity?: number;
  /** Memory of these predictions and their ids, in bytes. Default 64 MiB. */
  readonly bytesMax?: number;
  /** Computes the cost of the first prediction. Default: as `costOf` does. */
  readonly loss?: Loss;
  /**
   * J of the first prediction, as the learner's `costOf` returns it. The prediction has at most as many
   * numbers as y. Default: the cost at the time of learning stays.
   */
  readonly costOf?: (prediction: ArrayLike<number>, y: ArrayLike<number>) => number;
}

/**
 * Where labels come late, a sample passes twice: first without y, to be predicted, then with it, to
 * be learned from. This gives the second update the prediction of the first one, so that what is
 * scored is what was said at the time, and not what could be said by then. A class that has appeared
 * since has no place in it.
 */
export const firstPredictions = ({
  capacity = 10_000,
  bytesMax,
  loss,
  costOf = loss && ((prediction, y) => loss.cost(lengthened(prediction, y.length), y)),
}: FirstPredictionsOptions = {}): Stateful<FirstPredictionsMemory, Update, Update> => {
  const predictionsOf = recentByMemory<Float64Array>({
    capacity,
    ...(bytesMax !== undefined && { bytesMax }),
  });
  return {
    name: 'firstPredictions',
    initial: () => ({ ring: [], count: 0 }),
    update(memory, update) {
      const { id, y } = update.sample;
      if (id === undefined) return update;
      const predictions = predictionsOf(memory);
      if (y === undefined) {
        predictions.add(id, Float64Array.from(update.prediction));
        return update;
      }
      const prediction = predictions.take(id);
      if (!prediction) return update;
      return { ...update, prediction, cost: costOf?.(prediction, y) ?? update.cost };
    },
  };
};
