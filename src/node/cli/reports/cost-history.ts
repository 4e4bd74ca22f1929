import type { Audience } from '../../../pipeline.ts';
import type { Snapshot } from '../../../snapshot/snapshot.ts';
import type { StreamEvent } from '../../../stream/event.ts';

/** The mean cost of the samples since the point before. */
export interface CostPoint {
  readonly step: number;
  readonly cost: number;
}

/** A change that the detector announced. */
export interface Drift {
  readonly step: number;
  readonly message: string;
}

/** How many points a curve has at most; when it is full, each two become one. */
const pointsMax = 512;

/** How many drifts are kept, the first ones. */
const driftsMax = 1_000;

/** The course of a training: its cost, piece by piece, and the drifts on the way. */
export class CostHistory implements Audience {
  readonly drifts: Drift[] = [];
  #sums: { step: number; count: number; sum: number }[] = [];

  /** The mean cost between each two snapshots: exact, from the cumulative sums. */
  get points(): CostPoint[] {
    let [count, sum] = [0, 0];
    return this.#sums.flatMap((at) => {
      const point = { step: at.step, cost: (at.sum - sum) / (at.count - count) };
      [count, sum] = [at.count, at.sum];
      return Number.isFinite(point.cost) ? [point] : [];
    });
  }

  /** Takes the sums of a snapshot. */
  add({ step, cost: { count, sum } }: Snapshot): void {
    this.#sums.push({ step, count, sum });
    if (this.#sums.length > pointsMax) this.#sums = this.#sums.filter((_, i) => i % 2 === 1);
  }

  event({ kind, step, message }: StreamEvent): void {
    if (kind === 'drift' && this.drifts.length < driftsMax) this.drifts.push({ step, message });
  }

  publish(): void {}

  reject(): void {}
}
