import type { Metric } from '../metric.ts';

/** Weights of what was right, what no-change had right, and all; and the class before (−1: none). */
export type KappaTemporalMemory = { right: number; unchanged: number; all: number; last: number };

/**
 * Accuracy beyond "the same class as last time", κ_T = (p − p_nc) / (1 − p_nc). Both are counted
 * from the second sample on, the first that has one before it. I. Žliobaitė et al., "Evaluation
 * methods and decision theory for classification of streaming data with temporal dependence", 2015.
 */
export const kappaTemporal = (): Metric<KappaTemporalMemory> => ({
  name: 'kappaTemporal',
  isOfClasses: true,
  initial: () => ({ right: 0, unchanged: 0, all: 0, last: -1 }),
  update(memory, { predictedClass, trueClass, weight }) {
    const { last } = memory;
    memory.last = trueClass;
    if (last === -1) return;
    memory.all += weight;
    if (predictedClass === trueClass) memory.right += weight;
    if (last === trueClass) memory.unchanged += weight;
  },
  value: ({ right, unchanged, all }) => (right - unchanged) / (all - unchanged),
  scale(memory, factor) {
    memory.right *= factor;
    memory.unchanged *= factor;
    memory.all *= factor;
  },
});
