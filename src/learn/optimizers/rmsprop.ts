import { biasCorrections } from '../bias-correction.ts';
import { builtIn } from '../built-in.ts';
import {
  checkLearningRate,
  checkOption,
  type Optimizer,
  type OptimizerMemory,
} from '../optimizer.ts';

/** Options of {@link rmsprop}. */
export interface RmspropOptions {
  /** α: > 0. Default 0.01. */
  readonly learningRate?: number;
  /** β, the decay of the mean of squares, in [0, 1]. Default 0.99. */
  readonly decay?: number;
  /** Keeps the division finite, in [0, 1]. Default 1e-8. */
  readonly epsilon?: number;
  /** Divides v by 1 − βᵗ, so that the first steps are not too long. Default false, as in PyTorch. */
  readonly biasCorrection?: boolean;
}

/** What {@link rmsprop} remembers: the mean of each squared gradient, and when its parameter was born. */
export interface RmspropMemory extends OptimizerMemory {
  readonly squares: Float64Array;
  readonly born: Float64Array;
}

// A mean of squares that decays towards zero would end in denormal numbers, which are slow.
const squareMin = 1e-30;

/**
 * Steps of about the same length whatever the scale of the gradient: v ← βv + (1 − β)g²,
 * w ← w − αg/(√v + ε). T. Tieleman and G. Hinton, 2012.
 */
export const rmsprop = ({
  learningRate = 0.01,
  decay = 0.99,
  epsilon = 1e-8,
  biasCorrection = false,
}: RmspropOptions = {}): Optimizer<RmspropMemory> => {
  checkLearningRate('rmsprop', learningRate);
  checkOption('decay of rmsprop', decay, [0, 1]);
  checkOption('epsilon of rmsprop', epsilon, [0, 1]);
  return builtIn({
    name: 'rmsprop',
    options: { learningRate, decay, epsilon, biasCorrection },
    initial: (count) => ({
      step: 0,
      rate: 1,
      squares: new Float64Array(count),
      born: new Float64Array(count),
    }),
    update(memory, parameters, gradient) {
      memory.step += 1;
      const rate = learningRate * memory.rate;
      const { squares, born } = memory;
      const correction = biasCorrections(biasCorrection ? decay : 0, memory.step);
      for (let i = 0; i < parameters.length; i++) {
        const slope = gradient[i]!;
        squares[i] = Math.max(squareMin, decay * squares[i]! + (1 - decay) * slope * slope);
        const root = Math.sqrt(squares[i]! / correction(born[i]!));
        parameters[i]! -= (rate * slope) / (root + epsilon);
      }
    },
  });
};
