import { layersOf } from './layout.ts';
import type { Memory } from './learner.ts';
import type { OptimizerMemory } from './optimizer.ts';

/** The memory of a network with some inputs as fresh as if it had just grown by them. */
export const forgottenMemory = (memory: Memory, inputs: readonly number[]): Memory => {
  const sizes = memory['sizes'] as readonly number[];
  const clear = (values: Float64Array, fresh: number): Float64Array => {
    const cleared = values.slice();
    const { weights } = layersOf(cleared, sizes)[0]!;
    for (let row = 0; row < weights.length; row += sizes[0]!)
      for (const input of inputs) weights[row + input] = fresh;
    return cleared;
  };
  const optimizer = { ...(memory['optimizer'] as OptimizerMemory) };
  for (const [name, value] of Object.entries(optimizer)) {
    if (!(value instanceof Float64Array)) continue;
    optimizer[name] = clear(value, name === 'born' ? optimizer.step : 0);
  }
  const { scaler } = memory;
  return {
    ...memory,
    parameters: clear(memory['parameters'] as Float64Array, 0),
    optimizer,
    ...(scaler && { scaler: freshMoments(scaler as Memory, inputs) }),
  };
};

const freshMoments = (scaler: Memory, inputs: readonly number[]): Memory =>
  Object.fromEntries(
    Object.entries(scaler).map(([name, values]) => {
      const cleared = (values as Float64Array).slice();
      for (const input of inputs) cleared[input] = 0;
      return [name, cleared];
    }),
  );
