import type {
  FeedOutcome,
  Model,
  Observation,
  Origin,
  Predictions,
  Row,
  RowAnswers,
  Steering,
} from '../../src/broadcast/model.ts';
import type { FrozenModel } from '../../src/snapshot/frozen-model.ts';
import { SampleError } from '../../src/stream/rejection.ts';

/** A learner small enough to see through: it predicts the mean target of all it was fed. */
export class ToyModel implements Model {
  readonly producers = new Map<string, number>();
  readonly steered: Steering[] = [];
  readonly fed: Observation[] = [];
  readonly origins: (Origin | undefined)[] = [];
  /** Held back until it is opened. */
  gate: Promise<void> = Promise.resolve();
  saves = 0;
  #sum = 0;

  get step(): number {
    return this.fed.length;
  }

  predict(rows: readonly Row[]): Predictions {
    for (const row of rows) {
      if ('x' in row && row.x.length !== 2) {
        throw new SampleError('shape', `expected 2 numbers, got ${row.x.length}`);
      }
    }
    const mean = this.step === 0 ? 0 : this.#sum / this.step;
    return { y: rows.map(() => [mean]), step: this.step };
  }

  /** Each row has half of the mean from each of its two inputs. */
  ask<Name extends keyof RowAnswers>(_name: Name, rows: readonly Row[]): RowAnswers[Name] {
    const { y, step } = this.predict(rows);
    const contributions = y.map((row) => [{ a: row[0]! / 2, b: row[0]! / 2 }]);
    return { y, contributions, step, named: [] };
  }

  freeze(): FrozenModel {
    const { step } = this;
    const shown = { networks: [], network: null, inputs: ['a', 'b'], classes: null, samples: [] };
    return { step, task: 'regression', ...shown };
  }

  async feed(samples: readonly Observation[], origin?: Origin): Promise<FeedOutcome> {
    await this.gate;
    this.origins.push(origin);
    const rejected: FeedOutcome['rejected'][number][] = [];
    for (const [i, sample] of samples.entries()) {
      const target = 'y' in sample ? sample.y[0]! : Number(sample.target);
      if (Number.isNaN(target)) rejected.push({ i, code: 'value', message: 'no number' });
      else {
        this.fed.push(sample);
        this.#sum += target;
      }
    }
    return { step: this.step, rejected };
  }

  async saved(): Promise<void> {
    this.saves += 1;
  }

  steer(steering: Steering): void {
    this.steered.push(steering);
  }
}
