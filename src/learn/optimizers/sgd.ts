import { builtIn } from '../built-in.ts';
import { checkLearningRate, type Optimizer } from '../optimizer.ts';

/** Options of {@link sgd}. */
export interface SgdOptions {
  /** α of the equations: > 0. Default 0.1. */
  readonly learningRate?: number;
}

/** Gradient descent, one sample a step: w ← w − αg. */
export const sgd = ({ learningRate = 0.1 }: SgdOptions = {}): Optimizer => {
  checkLearningRate('sgd', learningRate);
  return builtIn({
    name: 'sgd',
    options: { learningRate },
    initial: () => ({ step: 0, rate: 1 }),
    update(memory, parameters, gradient) {
      memory.step += 1;
      const rate = learningRate * memory.rate;
      for (let i = 0; i < parameters.length; i++) parameters[i]! -= rate * gradient[i]!;
    },
  });
};
