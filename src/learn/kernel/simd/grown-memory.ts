import { grownMoments, type Moments } from '../../../math/running.ts';
import { type Growth, growVector } from '../../layout.ts';
import type { Memory } from '../../learner.ts';
import type { OptimizerMemory } from '../../optimizer.ts';

/** The memory of a network as it is when units are added at this step. */
export const grownMemory = (memory: Memory, growth: Growth): Memory => {
  const optimizer = { ...(memory['optimizer'] as OptimizerMemory) };
  for (const [name, value] of Object.entries(optimizer)) {
    if (!(value instanceof Float64Array)) continue;
    optimizer[name] = growVector(value, growth, name === 'born' ? optimizer.step : 0);
  }
  const lastPrediction = new Float64Array(growth.to.at(-1)!);
  lastPrediction.set(memory['lastPrediction'] as Float64Array);
  const parameters = growVector(memory['parameters'] as Float64Array, growth, 0);
  const { scaler } = memory;
  return {
    sizes: [...growth.to],
    parameters,
    optimizer,
    lastPrediction,
    ...(scaler && { scaler: grownMoments(scaler as Memory & Moments, growth.to[0]!) }),
  };
};
