import type { Interval } from '../interval.ts';
import type { Memory } from '../learner.ts';
import { countIn, float64s } from '../memory-fields.ts';

const residualsMax = 500;

/**
 * The latest errors of a regression. The next one lies between two of their quantiles about as often
 * as they did: V. Vovk, A. Gammerman, G. Shafer, "Algorithmic Learning in a Random World", 2005.
 */
export class Residuals {
  #values = new Float64Array(residualsMax);
  #next = 0;
  #count = 0;

  add(residual: number): void {
    this.#values[this.#next] = residual;
    this.#next = (this.#next + 1) % residualsMax;
    this.#count = Math.min(residualsMax, this.#count + 1);
  }

  /** Around a prediction. Without any residuals it has no bounds. */
  around(prediction: number, coverage: number): Interval {
    if (!(coverage > 0 && coverage < 1)) {
      throw new RangeError(`coverage must be above 0 and below 1, not ${coverage}`);
    }
    const sorted = this.#values.slice(0, this.#count).sort();
    // One is added for the residual that is to come: few of them promise less.
    const outside = Math.floor(((1 - coverage) / 2) * (this.#count + 1)) - 1;
    if (outside < 0) return { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
    const last = this.#count - 1;
    return { low: prediction + sorted[outside]!, high: prediction + sorted[last - outside]! };
  }

  save(): Memory {
    return { values: this.#values.slice(0, this.#count), next: this.#next };
  }

  load(memory: Memory): void {
    const values = float64s(memory, 'values');
    this.#values = new Float64Array(residualsMax);
    this.#values.set(values);
    this.#count = values.length;
    this.#next = countIn(memory, 'next');
  }
}
