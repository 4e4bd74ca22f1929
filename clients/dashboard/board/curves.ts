import type { CostFrame, History, MetricsFrame } from '../../../src/client/index.ts';
import { Buckets } from '../reduce/buckets.ts';
import { withMeans } from '../reduce/history.ts';
import { recentName } from '../reduce/measure-table.ts';
import { mainMeasure } from '../reduce/measures.ts';
import type { CostCurve, ScoreCurve } from './view.ts';

const missing = (value: number | null | undefined): number => value ?? Number.NaN;

/** The cost over time, in a bounded number of rows. */
export class CostCurves {
  readonly #buckets = new Buckets({
    step: 'last',
    overall: 'last',
    recent: 'mean',
    low: 'min',
    high: 'max',
    nonFinite: 'sum',
  });
  #nonFinite = 0;
  #lastStep = -1;
  #curve: CostCurve | undefined;

  add({ step, n, sum, windowed, nonFinite }: CostFrame): void {
    if (step <= this.#lastStep) return;
    this.#lastStep = step;
    this.#buckets.add({
      step,
      overall: n > 0 ? sum / n : Number.NaN,
      recent: missing(windowed.mean),
      low: missing(windowed.min),
      high: missing(windowed.max),
      nonFinite: Math.max(0, nonFinite - this.#nonFinite),
    });
    this.#nonFinite = nonFinite;
    this.#curve = undefined;
  }

  /** Puts what happened before we came in front; the stretches lie end to end from step 0. */
  addHistory(points: History['points']): void {
    if (this.#lastStep >= 0) return;
    for (const point of withMeans(points)) this.#buckets.add({ ...point, nonFinite: 0 });
    this.#lastStep = points.at(-1)?.[0] ?? -1;
    this.#curve = undefined;
  }

  clear(): void {
    this.#buckets.clear();
    this.#nonFinite = 0;
    this.#lastStep = -1;
    this.#curve = undefined;
  }

  /** The curve so far: the same object until a point comes. */
  curve(): CostCurve {
    const column = this.#buckets;
    this.#curve ??= {
      step: column.column('step'),
      overall: column.column('overall'),
      recent: column.column('recent'),
      low: column.column('low'),
      high: column.column('high'),
      nonFinite: column.column('nonFinite'),
    };
    return this.#curve;
  }
}

/** The main measure over time, beside its baseline. */
export class ScoreCurves {
  readonly #buckets = new Buckets({
    step: 'last',
    value: 'mean',
    recent: 'mean',
    baseline: 'mean',
  });
  #lastStep = -1;
  #curve: ScoreCurve | undefined;

  add({ step, metrics, baseline }: MetricsFrame): void {
    const kind = mainMeasure(metrics);
    if (!kind || step <= this.#lastStep) return;
    this.#lastStep = step;
    const [value, last] = [missing(metrics[kind.name]), missing(baseline[kind.name])];
    const recent = missing(metrics[recentName(kind.name)]);
    this.#buckets.add({ step, value, recent, baseline: last });
    this.#curve = undefined;
  }

  clear(): void {
    this.#buckets.clear();
    this.#lastStep = -1;
    this.#curve = undefined;
  }

  /** The curve so far: the same object until a point comes. */
  curve(): ScoreCurve {
    this.#curve ??= {
      step: this.#buckets.column('step'),
      value: this.#buckets.column('value'),
      recent: this.#buckets.column('recent'),
      baseline: this.#buckets.column('baseline'),
    };
    return this.#curve;
  }
}
