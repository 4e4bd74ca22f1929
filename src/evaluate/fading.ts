import type { Memory } from '../learn/learner.ts';
import { requireAbove } from '../math/limits.ts';
import type { Measure, Metric } from './metric.ts';

/** The memory of what fades, and how much the newest outcome weighs in it. */
export type FadingMemory = { inner: Memory; weight: number };

/** Options of {@link fading}. */
export interface FadingOptions {
  /** What each earlier outcome still counts after one more: above 0, at most 1. Default 0.999. */
  readonly factor?: number;
}

/** Weights grow up to this before all is scaled down: far from the end of float64 (1.8e308). */
const weightMax = 1e100;

/**
 * A measure in which the past fades: k samples ago counts factor^k. J. Gama, R. Sebastião and
 * P. P. Rodrigues, "On evaluating stream learning algorithms", 2013.
 *
 * Measures do not change when all weights are multiplied by one number. So rather than to shrink
 * the past at each sample, the present grows, and both shrink together once in a great while.
 */
export function fading<M extends Memory>(
  metric: Metric<M>,
  options?: FadingOptions,
): Metric<FadingMemory>;
export function fading<M extends Memory, Value>(
  measure: Measure<M, Value>,
  options?: FadingOptions,
): Measure<FadingMemory, Value>;
export function fading<Value>(
  measure: Measure<Memory, Value>,
  { factor = 0.999 }: FadingOptions = {},
): Measure<FadingMemory, Value> {
  requireAbove('factor', factor, [0, 1]);
  if (measure.scale === undefined) {
    throw new TypeError(`${measure.name} cannot fade: it has no scale(memory, factor)`);
  }
  return {
    name: `${measure.name}.fading`,
    isOfClasses: measure.isOfClasses ?? false,
    initial: () => ({ inner: measure.initial(), weight: 1 }),
    update(memory, outcome) {
      memory.weight /= factor;
      if (memory.weight > weightMax) {
        measure.scale?.(memory.inner, 1 / memory.weight);
        memory.weight = 1;
      }
      const { prediction, y, predictedClass, trueClass } = outcome;
      const weight = outcome.weight * memory.weight;
      measure.update(memory.inner, { prediction, y, weight, predictedClass, trueClass });
    },
    value: (memory) => measure.value(memory.inner),
  };
}
