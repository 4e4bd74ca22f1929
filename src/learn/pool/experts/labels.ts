import { GrowingMatrix } from '../../../math/growing-matrix.ts';
import type { Memory } from '../../learner.ts';
import { float64s, listIn, numberIn } from '../../memory-fields.ts';
import type { Expert, Target } from '../expert.ts';
import type { SeenInputs } from '../inputs.ts';
import type { Sizes } from '../sizes.ts';

const kept = 0.999;
const countMin = 0.01;
const countFirst = 0.2;
/** More classes than this would take too much memory: it then knows nothing. */
const classCountMax = 512;

/** Which class follows which: knows nothing of the inputs. Classes often come in blocks. */
export class LabelsExpert implements Expert {
  readonly name = 'labels';
  #classCount: number;
  /** For each class, and for the beginning, how often each class came after it, fading. */
  #table: GrowingMatrix<Float64Array>;
  /** The rows of the table. */
  #rows: Float64Array[];
  #previous = 0;

  constructor({ classCount }: Sizes) {
    this.#classCount = classCount;
    this.#table = freshTable(classCount);
    this.#rows = this.#table.rows();
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
    this.#table = freshTable(this.#classCount);
    this.#rows = this.#table.rows();
  }

  grow({ classCount }: Sizes): void {
    const old = this.#classCount;
    this.#classCount = classCount;
    if (classCount > classCountMax) {
      this.reset();
      return;
    }
    this.#table.grow(classCount + 1, classCount);
    this.#rows = this.#table.rows();
    for (const [index, row] of this.#rows.entries()) row.fill(countFirst, index <= old ? old : 0);
  }

  forget(): void {}

  save(): Memory {
    return {
      classCount: this.#classCount,
      previous: this.#previous,
      rows: this.#rows.map((row) => row.slice()),
    };
  }

  load(memory: Memory): void {
    this.#classCount = numberIn(memory, 'classCount');
    this.#previous = numberIn(memory, 'previous');
    this.reset();
    const rows = listIn(memory, 'rows', { of: float64s, length: this.#rows.length });
    for (const [index, row] of this.#rows.entries()) row.set(rows[index]!);
  }
}

const freshTable = (classCount: number): GrowingMatrix<Float64Array> => {
  const size = classCount > classCountMax ? 0 : classCount;
  const table = new GrowingMatrix(Float64Array, size > 0 ? size + 1 : 0, size);
  table.values.fill(countFirst);
  return table;
};
