import type { TensorReport } from '../learn/inspection.ts';
import type { Learner, Update } from '../learn/learner.ts';

/** How one tensor of parameters is doing. */
export interface TensorHealth {
  /** As in `tensors`. */
  readonly name: string;
  /** √(mean ‖∂J/∂W‖²) over a few of the newest samples, with the parameters as they are. */
  readonly gradientNorm: number;
  /**
   * For the weights of hidden units: how many of these could not learn from any of the last 200
   * samples examined. Absent until 200 have been examined.
   */
  readonly deadUnits?: number;
}

/** A slope below this counts as none: a sigmoid beyond 6.9, a tanh beyond 4.1, a rectifier at 0. */
const slopeMin = 1e-3;

/** With 200 samples, a unit that learns from one sample in fifty is reported as dead in one of fifty cases. */
const silentMax = 200;

/** What one look may cost: samples times parameters. Some tenth of a millisecond. */
const workMax = 65_536;

/** The most samples of one look. */
export const lookedMax = 32;

/** A look costs more than the rest of a snapshot: one in 16 snapshots has one, two per second. */
const everyCalls = 16;

/**
 * Looks at a learner now and then, through a few of its newest samples, and remembers which hidden
 * units were of use lately. Nothing is done per sample.
 */
export class LayerHealth {
  readonly #learner: Learner;
  readonly #units = new Map<string, UnitUse>();
  #calls = 0;
  #step = 0;
  #latest: readonly TensorHealth[] = [];

  constructor(learner: Learner) {
    this.#learner = learner;
  }

  /**
   * How the tensors are doing, by those of the updates, newest last, that are new to it;
   * in most calls as it was at the latest look. Empty: it is not known.
   */
  read(updates: readonly Update[], parameterCount: number): readonly TensorHealth[] {
    if (this.#calls++ % everyCalls === 0) this.#look(updates, parameterCount);
    return this.#latest;
  }

  #look(updates: readonly Update[], parameterCount: number): void {
    const { inputCount, outputCount } = this.#learner;
    const most = Math.min(lookedMax, Math.max(1, Math.floor(workMax / parameterCount)));
    // What came before the learner grew no longer fits.
    const samples = updates
      .filter(({ step }) => step > this.#step)
      .flatMap(({ sample: { x, y } }) => (y ? [{ x, y }] : []))
      .filter(({ x, y }) => x.length === inputCount && y.length === outputCount)
      .slice(-most);
    if (samples.length === 0) return;
    this.#step = updates.at(-1)!.step;
    const reports = this.#learner.inspect?.(samples) ?? [];
    this.#latest = reports.map((report) => this.#health(report, samples.length));
  }

  #health({ name, gradientNorm, slopes }: TensorReport, looked: number): TensorHealth {
    if (!slopes) return { name, gradientNorm };
    let use = this.#units.get(name);
    if (use?.lastUse.length !== slopes.length) {
      use = { lastUse: new Float64Array(slopes.length), looked: 0 };
      this.#units.set(name, use);
    }
    const deadUnits = deadAfter(use, slopes, looked);
    return { name, gradientNorm, ...(use.looked >= silentMax && { deadUnits }) };
  }
}

/** Which units have been of use, and when last, counted in samples looked at. */
interface UnitUse {
  readonly lastUse: Float64Array;
  looked: number;
}

const deadAfter = (use: UnitUse, slopes: Float64Array, looked: number): number => {
  use.looked += looked;
  let dead = 0;
  for (let j = 0; j < slopes.length; j++) {
    if (slopes[j]! >= slopeMin) use.lastUse[j] = use.looked;
    if (use.looked - use.lastUse[j]! >= silentMax) dead += 1;
  }
  return dead;
};
