import { builtIn } from '../built-in.ts';
import {
  checkLearningRate,
  checkOption,
  type Optimizer,
  type OptimizerMemory,
} from '../optimizer.ts';

/** Options of {@link adagrad}. */
export interface AdagradOptions {
  /** α: > 0. Default 0.1. */
  readonly learningRate?: number;
  /** Keeps the division finite, in [0, 1]. Default 1e-10. */
  readonly epsilon?: number;
}

/** What {@link adagrad} remembers: the sum of each squared gradient. */
export interface AdagradMemory extends OptimizerMemory {
  readonly squares: Float64Array;
}

/**
 * Steps that shrink with all the gradients so far: G ← G + g², w ← w − αg/(√G + ε).
 * J. Duchi, E. Hazan, Y. Singer, "Adaptive Subgradient Methods", 2011.
 */
export const adagrad = ({
  learningRate = 0.1,
  epsilon = 1e-10,
}: AdagradOptions = {}): Optimizer<AdagradMemory> => {
  checkLearningRate('adagrad', learningRate);
  checkOption('epsilon of adagrad', epsilon, [0, 1]);
  return builtIn({
    name: 'adagrad',
    options: { learningRate, epsilon },
    initial: (count) => ({ step: 0, rate: 1, squares: new Float64Array(count) }),
    update(memory, parameters, gradient) {
      memory.step += 1;
      const rate = learningRate * memory.rate;
      const { squares } = memory;
      for (let i = 0; i < parameters.length; i++) {
        const slope = gradient[i]!;
        // Where no gradient has ever come, 0/(√0 + 0) would be NaN when epsilon is 0.
        if (slope === 0) continue;
        squares[i]! += slope * slope;
        parameters[i]! -= (rate * slope) / (Math.sqrt(squares[i]!) + epsilon);
      }
    },
  });
};
