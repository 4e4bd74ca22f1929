import { biasCorrections } from '../bias-correction.ts';
import { builtIn } from '../built-in.ts';
import {
  checkLearningRate,
  checkOption,
  type Optimizer,
  type OptimizerMemory,
} from '../optimizer.ts';

/** Options of {@link adam}. */
export interface AdamOptions {
  /** α: > 0. Default 0.001. */
  readonly learningRate?: number;
  /** The decay of the mean of gradients, in [0, 1]. Default 0.9. */
  readonly beta1?: number;
  /** The decay of the mean of squares, in [0, 1]. Default 0.999. */
  readonly beta2?: number;
  /** Keeps the division finite, in [0, 1]. Default 1e-8. */
  readonly epsilon?: number;
}

/** What {@link adam} and adamw remember: the running means of gradients and of their squares. */
export interface AdamMemory extends OptimizerMemory {
  readonly means: Float64Array;
  readonly squares: Float64Array;
  readonly born: Float64Array;
}

/**
 * Adaptive moments: m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², and with m̂, v̂ free of bias
 * w ← w − αm̂/(√v̂ + ε). D. P. Kingma and J. Ba, "Adam", 2015.
 */
export const adam = ({
  learningRate = 0.001,
  beta1 = 0.9,
  beta2 = 0.999,
  epsilon = 1e-8,
}: AdamOptions = {}): Optimizer<AdamMemory> => {
  checkLearningRate('adam', learningRate);
  checkOption('beta1 of adam', beta1, [0, 1]);
  checkOption('beta2 of adam', beta2, [0, 1]);
  checkOption('epsilon of adam', epsilon, [0, 1]);
  return builtIn({
    name: 'adam',
    options: { learningRate, beta1, beta2, epsilon },
    initial: (count) => ({
      step: 0,
      rate: 1,
      means: new Float64Array(count),
      squares: new Float64Array(count),
      born: new Float64Array(count),
    }),
    update(memory, parameters, gradient) {
      memory.step += 1;
      const rate = learningRate * memory.rate;
      const { means, squares, born } = memory;
      const correction1 = biasCorrections(beta1, memory.step);
      const correction2 = biasCorrections(beta2, memory.step);
      for (let i = 0; i < parameters.length; i++) {
        const slope = gradient[i]!;
        means[i] = beta1 * means[i]! + (1 - beta1) * slope;
        squares[i] = beta2 * squares[i]! + (1 - beta2) * slope * slope;
        const root = Math.sqrt(squares[i]! / correction2(born[i]!)) + epsilon;
        parameters[i]! -= (rate * means[i]!) / correction1(born[i]!) / root;
      }
    },
  });
};
