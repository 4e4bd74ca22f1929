import type { Memory } from '../learner.ts';
import { countIn, listIn, memoryIn, numberIn } from '../memory-fields.ts';
import type { OptimizerMemory } from '../optimizer.ts';

/** The sizes of a network's layers, as a memory has them. Throws a MemoryError. */
export const layerSizesIn = (memory: Memory): readonly number[] =>
  listIn(memory, 'sizes', { of: (list, index) => countIn(list, String(index), 1) });

/** What the optimizer of a network remembers. Its arrays are read by name. Throws a MemoryError. */
export const optimizerIn = (memory: Memory): OptimizerMemory => {
  const optimizer = memoryIn(memory, 'optimizer');
  countIn(optimizer, 'step');
  numberIn(optimizer, 'rate');
  return optimizer as OptimizerMemory;
};
