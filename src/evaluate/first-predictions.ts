import type { Update } from '../learn/learner.ts';
import type { Loss } from '../learn/loss.ts';
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
  /** Computes the cost of the first prediction. Default: the cost at the time of learning stays. */
  readonly loss?: Loss;
}

/**
 * Where labels come late, a sample passes twice: first without y, to be predicted, then with it, to
 * be learned from. This gives the second update the prediction of the first one, so that what is
 * scored is what was said at the time, and not what could be said by then.
 */
export const firstPredictions = ({
  capacity = 10_000,
  bytesMax,
  loss,
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
      const first = predictions.take(id);
      if (!first) return update;
      const prediction = lengthened(first, y.length);
      return { ...update, prediction, cost: loss?.cost(prediction, y) ?? update.cost };
    },
  };
};

/** A class that has appeared since had no place in the prediction: it was given no chance. */
const lengthened = (prediction: Float64Array, length: number): Float64Array => {
  if (prediction.length >= length) return prediction;
  const longer = new Float64Array(length);
  longer.set(prediction);
  return longer;
};
