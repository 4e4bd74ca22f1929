import { layerSizesIn, optimizerIn } from './kernel/saved-network.ts';
import { layersOf } from './layout.ts';
import type { Memory } from './learner.ts';
import { float64s, memoryIn } from './memory-fields.ts';

/** The memory of a network with some inputs as fresh as if it had just grown by them. */
export const forgottenMemory = (memory: Memory, inputs: readonly number[]): Memory => {
  const sizes = layerSizesIn(memory);
  const clear = (values: Float64Array, fresh: number): Float64Array => {
    const cleared = values.slice();
    const { weights } = layersOf(cleared, sizes)[0]!;
    for (let row = 0; row < weights.length; row += sizes[0]!)
      for (const input of inputs) weights[row + input] = fresh;
    return cleared;
  };
  const optimizer = { ...optimizerIn(memory) };
  for (const [name, value] of Object.entries(optimizer)) {
    if (!(value instanceof Float64Array)) continue;
    optimizer[name] = clear(value, name === 'born' ? optimizer.step : 0);
  }
  return {
    ...memory,
    parameters: clear(float64s(memory, 'parameters'), 0),
    optimizer,
    ...(memory['scaler'] && { scaler: freshMoments(memoryIn(memory, 'scaler'), inputs) }),
  };
};

const freshMoments = (scaler: Memory, inputs: readonly number[]): Memory =>
  Object.fromEntries(
    Object.keys(scaler).map((name) => {
      const cleared = float64s(scaler, name).slice();
      for (const input of inputs) cleared[input] = 0;
      return [name, cleared];
    }),
  );
