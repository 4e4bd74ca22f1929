import type { Memory } from '../learn/learner.ts';
import { requireWhole } from '../math/limits.ts';
import type { Measure, Metric, Outcome } from './metric.ts';

/** The newest outcomes as rows of numbers in a ring, each row as wide as the widest so far. */
export type WindowedMemory = {
  /** Outcomes ever taken; the newest lies in row (taken − 1) mod size. */
  taken: number;
  /** How many numbers of y and of the prediction a row holds. */
  outputs: number;
  predicted: number;
  rows: Float64Array;
};

/** Options of {@link windowed}. */
export interface WindowedOptions {
  /** Outcomes that it looks back. Default 1,000; 1 to 1,000,000. */
  readonly size?: number;
}

/** Before y and the prediction a row holds the weight, the true and the predicted class. */
const head = 3;
const nothing = new Float64Array(0);

/**
 * A measure over the newest outcomes alone. It keeps them and adds them up afresh when it is read,
 * so that nothing drifts, any measure can have a window, and one that has an exact value gives it.
 */
export function windowed<M extends Memory>(
  metric: Metric<M>,
  options?: WindowedOptions,
): Metric<WindowedMemory>;
export function windowed<M extends Memory, Value>(
  measure: Measure<M, Value>,
  options?: WindowedOptions,
): Measure<WindowedMemory, Value>;
export function windowed<Value>(
  measure: Measure<Memory, Value>,
  { size = 1000 }: WindowedOptions = {},
): Measure<WindowedMemory, Value> {
  requireWhole('size', size, [1, 1_000_000]);
  const { isOfClasses = false } = measure;
  return {
    name: `${measure.name}.windowed`,
    isOfClasses,
    initial: () => ({ taken: 0, outputs: 0, predicted: 0, rows: new Float64Array(size * head) }),
    update(memory, seen) {
      if (!isOfClasses) makeRoom(memory, seen, size);
      const at = (memory.taken % size) * (head + memory.outputs + memory.predicted);
      memory.taken += 1;
      write(memory, at, seen);
    },
    value: (memory) => valueOver(measure, outcomesOf(memory, size)),
  };
}

const write = (memory: WindowedMemory, at: number, seen: Outcome): void => {
  const { rows, outputs, predicted } = memory;
  rows[at] = seen.weight;
  rows[at + 1] = seen.trueClass;
  rows[at + 2] = seen.predictedClass;
  const ofY = at + head;
  for (let i = 0; i < outputs; i += 1) rows[ofY + i] = seen.y[i] ?? 0;
  const ofPrediction = ofY + outputs;
  for (let i = 0; i < predicted; i += 1) rows[ofPrediction + i] = seen.prediction[i] ?? 0;
};

/** A measure of these outcomes and no others. */
export const valueOver = <Value>(
  measure: Measure<Memory, Value>,
  outcomes: readonly Outcome[],
): Value => {
  if (measure.exact !== undefined) return measure.exact(outcomes);
  const memory = measure.initial();
  for (const seen of outcomes) measure.update(memory, seen);
  return measure.value(memory);
};

/** Oldest first, since some measures look at what came before. */
const outcomesOf = (memory: WindowedMemory, size: number): Outcome[] => {
  const { taken, outputs, predicted, rows } = memory;
  const width = head + outputs + predicted;
  const count = Math.min(taken, size);
  return Array.from({ length: count }, (_, i) => {
    const at = ((taken - count + i) % size) * width;
    const ofPrediction = at + head + outputs;
    return {
      prediction: predicted === 0 ? nothing : rows.subarray(ofPrediction, at + width),
      y: outputs === 0 ? nothing : rows.subarray(at + head, ofPrediction),
      weight: rows[at]!,
      predictedClass: rows[at + 2]!,
      trueClass: rows[at + 1]!,
    };
  });
};

/** Rows become wider where a class has come that the rows before had no place for. */
const makeRoom = (memory: WindowedMemory, seen: Outcome, size: number): void => {
  const { outputs, predicted } = memory;
  if (seen.y.length <= outputs && seen.prediction.length <= predicted) return;
  const old = outcomesOf(memory, size);
  const { taken } = memory;
  memory.outputs = Math.max(outputs, seen.y.length);
  memory.predicted = Math.max(predicted, seen.prediction.length);
  const width = head + memory.outputs + memory.predicted;
  memory.rows = new Float64Array(size * width);
  for (const [i, kept] of old.entries()) {
    write(memory, ((taken - old.length + i) % size) * width, kept);
  }
};
