import { builtIn } from '../built-in.ts';
import { checkLearningRate, checkOption, type Optimizer } from '../optimizer.ts';
import type { VelocityMemory } from './momentum.ts';

/** Options of {@link nesterov}. */
export interface NesterovOptions {
  /** α: > 0. Default 0.01. */
  readonly learningRate?: number;
  /** μ, the decay of the velocity, in [0, 1]. Default 0.9. */
  readonly momentum?: number;
}

/**
 * Nesterov's accelerated gradient, as PyTorch writes it: v ← μv + g, w ← w − α(g + μv).
 * Y. Nesterov, 1983.
 */
export const nesterov = ({
  learningRate = 0.01,
  momentum: kept = 0.9,
}: NesterovOptions = {}): Optimizer<VelocityMemory> => {
  checkLearningRate('nesterov', learningRate);
  checkOption('momentum of nesterov', kept, [0, 1]);
  return builtIn({
    name: 'nesterov',
    options: { learningRate, momentum: kept },
    initial: (count) => ({ step: 0, rate: 1, velocity: new Float64Array(count) }),
    update(memory, parameters, gradient) {
      memory.step += 1;
      const rate = learningRate * memory.rate;
      const { velocity } = memory;
      for (let i = 0; i < parameters.length; i++) {
        velocity[i] = kept * velocity[i]! + gradient[i]!;
        parameters[i]! -= rate * (gradient[i]! + kept * velocity[i]!);
      }
    },
  });
};
