import { builtIn } from '../built-in.ts';
import {
  checkLearningRate,
  checkOption,
  type Optimizer,
  type OptimizerMemory,
} from '../optimizer.ts';

/** Options of {@link momentum}. */
export interface MomentumOptions {
  /** α: > 0. Default 0.01. */
  readonly learningRate?: number;
  /** μ, the decay of the velocity, in [0, 1]. Default 0.9. */
  readonly momentum?: number;
}

/** What {@link momentum} and `nesterov` remember: the velocity of each parameter. */
export interface VelocityMemory extends OptimizerMemory {
  readonly velocity: Float64Array;
}

/** Heavy-ball momentum: v ← μv + g, w ← w − αv. B. T. Polyak, 1964. */
export const momentum = ({
  learningRate = 0.01,
  momentum: kept = 0.9,
}: MomentumOptions = {}): Optimizer<VelocityMemory> => {
  checkLearningRate('momentum', learningRate);
  checkOption('momentum of momentum', kept, [0, 1]);
  return builtIn({
    name: 'momentum',
    options: { learningRate, momentum: kept },
    initial: (count) => ({ step: 0, rate: 1, velocity: new Float64Array(count) }),
    update(memory, parameters, gradient) {
      memory.step += 1;
      const rate = learningRate * memory.rate;
      const { velocity } = memory;
      for (let i = 0; i < parameters.length; i++) {
        velocity[i] = kept * velocity[i]! + gradient[i]!;
        parameters[i]! -= rate * velocity[i]!;
      }
    },
  });
};
