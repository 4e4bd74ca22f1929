import { builtIn } from '../built-in.ts';
import { checkOption, type Optimizer } from '../optimizer.ts';
import { type AdamMemory, type AdamOptions, adam } from './adam.ts';

/** Options of {@link adamw}. */
export interface AdamwOptions extends AdamOptions {
  /** λ, in [0, 1]: each step subtracts αλw from each parameter, apart from the gradient. Default 0.01. */
  readonly weightDecay?: number;
}

/**
 * Adam with weight decay that the adaptive steps do not scale: w ← w − αλw, then Adam's step.
 * I. Loshchilov and F. Hutter, "Decoupled Weight Decay Regularization", 2019.
 */
export const adamw = ({
  weightDecay = 0.01,
  ...options
}: AdamwOptions = {}): Optimizer<AdamMemory> => {
  checkOption('weightDecay of adamw', weightDecay, [0, 1]);
  const inner = adam(options);
  const learningRate = inner.options['learningRate'] as number;
  return builtIn({
    name: 'adamw',
    options: { ...inner.options, weightDecay },
    initial: (count) => inner.initial(count),
    update(memory, parameters, gradient) {
      const kept = 1 - learningRate * memory.rate * weightDecay;
      for (let i = 0; i < parameters.length; i++) parameters[i]! *= kept;
      inner.update(memory, parameters, gradient);
    },
  });
};
