import type { CostSummary } from '../evaluate/evaluation.ts';

/** Step at the end of a stretch, mean J in it, least and largest J. */
export type CurvePoint = [
  /** Samples learned at its end. */
  step: number,
  /** The mean cost since the point before. */
  mean: number | null,
  /** The least cost of a sample since the point before. */
  min: number | null,
  /** The greatest cost of a sample since the point before. */
  max: number | null,
];

/** One stretch of the curve, as it is kept. */
interface Stretch {
  step: number;
  count: number;
  sum: number;
  min: number;
  max: number;
}

const join = (into: Stretch, next: Stretch): void => {
  into.step = next.step;
  into.count += next.count;
  into.sum += next.sum;
  into.min = Math.min(into.min, next.min);
  into.max = Math.max(into.max, next.max);
};

const numberOrNull = (value: number): number | null =>
  Number.isFinite(value) ? Number(value.toPrecision(6)) : null;

/**
 * The whole curve of the cost in a bounded number of stretches: when it is full, neighbours are
 * joined. The mean of a stretch is exact, and no extreme is lost.
 */
export class CostCurve {
  readonly #stretchesMax: number;
  #stretches: Stretch[] = [];
  #perStretch = 1;
  #inLast = 0;
  #count = 0;
  #sum = 0;

  constructor(stretchesMax = 4_000) {
    this.#stretchesMax = stretchesMax;
  }

  /** Takes the next summary of the same history. */
  add(step: number, { count, sum, windowed }: CostSummary): void {
    const isNewHistory = count < this.#count;
    const samples = isNewHistory ? count : count - this.#count;
    const between = isNewHistory ? sum : sum - this.#sum;
    this.#count = count;
    this.#sum = sum;
    if (samples === 0) return;
    const min = windowed.count > 0 ? windowed.min : Number.POSITIVE_INFINITY;
    const max = windowed.count > 0 ? windowed.max : Number.NEGATIVE_INFINITY;
    this.#append({ step, count: samples, sum: between, min, max });
  }

  /** The curve in at most `pointsMax` points. */
  points(pointsMax: number): CurvePoint[] {
    const each = Math.ceil(this.#stretches.length / pointsMax);
    const points: CurvePoint[] = [];
    for (let i = 0; i < this.#stretches.length; i += each) {
      const point = { ...this.#stretches[i]! };
      for (const next of this.#stretches.slice(i + 1, i + each)) join(point, next);
      const { step, sum, count, min, max } = point;
      points.push([step, numberOrNull(sum / count), numberOrNull(min), numberOrNull(max)]);
    }
    return points;
  }

  #append(stretch: Stretch): void {
    if (this.#inLast > 0 && this.#inLast < this.#perStretch) {
      join(this.#stretches.at(-1)!, stretch);
      this.#inLast += 1;
      return;
    }
    if (this.#stretches.length >= this.#stretchesMax) this.#halve();
    this.#stretches.push(stretch);
    this.#inLast = 1;
  }

  #halve(): void {
    const halved: Stretch[] = [];
    for (const [index, stretch] of this.#stretches.entries()) {
      if (index % 2 === 0) halved.push(stretch);
      else join(halved.at(-1)!, stretch);
    }
    this.#stretches = halved;
    this.#perStretch *= 2;
  }
}
