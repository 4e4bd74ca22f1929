import type { Subscription } from 'rxjs';
import { CostCurve, type CurvePoint } from '../../../broadcast/cost-curve.ts';
import type { Connection } from '../../../client/connect.ts';
import type { CostFrame, EventEntry, MetricsFrame, Welcome } from '../../../client/index.ts';
import type { ConnectionState } from '../../../client/link.ts';
import type { Weights } from '../../../client/weights.ts';

/** What is known of the model that is watched. */
export interface Watched {
  readonly state: ConnectionState;
  readonly welcome?: Welcome;
  readonly cost?: CostFrame;
  readonly metrics?: MetricsFrame;
  readonly weights?: Weights;
  /** The newest few, oldest first. */
  readonly events: readonly EventEntry[];
  /** The cost since the start of the command, in at most `pointsMax` points. */
  curve(pointsMax: number): readonly CurvePoint[];
}

const eventsMax = 20;

/** Keeps the newest of everything that a connection tells. */
export class Watching {
  #watched: Watched;
  #curve = new CostCurve();
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
    this.#watched = {
      state: { phase: 'connecting', reason: 'connecting' },
      events: [],
      curve: (pointsMax) => this.#curve.points(pointsMax),
    };
  }

  get present(): Watched {
    return this.#watched;
  }

  /** Follows a connection until it is unsubscribed. */
  follow(connection: Connection): Subscription {
    // The state says why topics end.
    const error = (): void => {};
    const all = connection.state.subscribe((state) => this.#take({ state }));
    all.add(connection.welcome.subscribe({ next: (welcome) => this.#take({ welcome }), error }));
    all.add(connection.cost.subscribe({ next: (cost) => this.#costCame(cost), error }));
    all.add(connection.metrics.subscribe({ next: (metrics) => this.#take({ metrics }), error }));
    all.add(connection.weights.subscribe({ next: (weights) => this.#take({ weights }), error }));
    all.add(connection.events.subscribe({ next: (event) => this.#happened(event), error }));
    return all;
  }

  #take(news: Partial<Watched>): void {
    this.#watched = { ...this.#watched, ...news };
    this.#changed();
  }

  /** Where fewer samples have been scored than before, another history has begun. */
  #costCame(cost: CostFrame): void {
    if (cost.n < (this.#watched.cost?.n ?? 0)) this.#curve = new CostCurve();
    const { n, sum, sumSquares, nonFinite, step, windowed } = cost;
    const { mean, min, max } = windowed;
    this.#curve.add(step, {
      count: n,
      sum,
      sumSquares,
      nonFinite,
      mean: n > 0 ? sum / n : NaN,
      windowed: { count: windowed.n, mean: mean ?? NaN, min: min ?? NaN, max: max ?? NaN },
    });
    this.#take({ cost });
  }

  #happened(event: EventEntry): void {
    this.#take({ events: [...this.#watched.events, event].slice(-eventsMax) });
  }
}
