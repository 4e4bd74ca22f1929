import type { Memory } from '../../learner.ts';
import type { Expert, Target } from '../expert.ts';
import type { SeenInputs } from '../inputs.ts';
import type { Sizes } from '../sizes.ts';

const kept = 0.999;
const countMin = 0.01;
/** More classes than this would take too much memory: it then knows nothing. */
const classCountMax = 512;

/** Which class follows which: knows nothing of the inputs. Classes often come in blocks. */
export class LabelsExpert implements Expert {
  readonly name = 'labels';
  #classCount: number;
  /** For each class, and for the beginning, how often each class came after it, fading. */
  #rows: Float64Array[];
  #previous = 0;

  constructor({ classCount }: Sizes) {
    this.#classCount = classCount;
    this.#rows = freshRows(classCount);
  }

  predict(_inputs: SeenInputs, out: Float64Array): void {
    const row = this.#rows[this.#previous];
    if (!row) {
      out.fill(1 / this.#classCount);
      return;
    }
    let sum = 0;
    for (let k = 0; k < row.length; k += 1) sum += row[k]!;
    for (let k = 0; k < row.length; k += 1) out[k] = row[k]! / sum;
  }

  learn(inputs: SeenInputs, { label, weight }: Target, out: Float64Array): void {
    this.predict(inputs, out);
    const row = this.#rows[this.#previous];
    this.#previous = label + 1;
    if (!row) return;
    for (let k = 0; k < row.length; k += 1) row[k] = Math.max(countMin, row[k]! * kept);
    row[label]! += weight;
  }

  reset(): void {
    this.#rows = freshRows(this.#classCount);
  }

  grow({ classCount }: Sizes): void {
    const old = this.#rows;
    this.#classCount = classCount;
    this.#rows = freshRows(classCount);
    for (const [index, row] of this.#rows.entries()) {
      const from = old[index];
      if (from) row.set(from);
    }
  }

  save(): Memory {
    return {
      classCount: this.#classCount,
      previous: this.#previous,
      rows: this.#rows.map((row) => row.slice()),
    };
  }

  load(memory: Memory): void {
    this.#classCount = memory['classCount'] as number;
    this.#previous = memory['previous'] as number;
    this.#rows = (memory['rows'] as Float64Array[]).map((row) => row.slice());
  }
}

const freshRows = (classCount: number): Float64Array[] =>
  classCount > classCountMax
    ? []
    : Array.from({ length: classCount + 1 }, () => new Float64Array(classCount).fill(0.2));
