import { grownMoments } from '../../../math/running.ts';
import { type Growth, growVector } from '../../layout.ts';
import type { Memory } from '../../learner.ts';
import { float64s, memoryIn } from '../../memory-fields.ts';
import { momentsIn } from '../../saved-moments.ts';
import { optimizerIn } from '../saved-network.ts';

/** The memory of a network as it is when units are added at this step. */
export const grownMemory = (memory: Memory, growth: Growth): Memory => {
  const optimizer = { ...optimizerIn(memory) };
  for (const [name, value] of Object.entries(optimizer)) {
    if (!(value instanceof Float64Array)) continue;
    optimizer[name] = growVector(value, growth, name === 'born' ? optimizer.step : 0);
  }
  const lastPrediction = new Float64Array(growth.to.at(-1)!);
  lastPrediction.set(float64s(memory, 'lastPrediction'));
  const parameters = growVector(float64s(memory, 'parameters'), growth, 0);
  const { scaler } = memory;
  return {
    sizes: [...growth.to],
    parameters,
    optimizer,
    lastPrediction,
    ...(scaler && { scaler: grownMoments(momentsIn(memoryIn(memory, 'scaler')), growth.to[0]!) }),
  };
};
