import type {
  CostFrame,
  ErrorEntry,
  EventEntry,
  History,
  MetricsFrame,
  PredictionsFrame,
} from '../../../src/client/index.ts';
import { ClockSkew } from '../reduce/clock-skew.ts';
import { CostCurves, ScoreCurves } from './curves.ts';
import { RecentList } from './recent-list.ts';
import type { Link, ModelFacts, TensorView, View, WeightsView } from './view.ts';

/** The newest weights, as they come from the connection. */
export interface WeightsNow {
  readonly step: number;
  readonly at: number;
  readonly tensors: readonly Omit<TensorView, 'before'>[];
}

interface StateFrame {
  readonly seq: number;
  readonly prev: number;
  readonly at: number;
}

/** What a board needs of the world. */
export interface BoardOptions {
  /** The clock, in milliseconds since the Unix epoch. */
  readonly now: () => number;
}

/** What the page knows. Messages go in as they come; a {@link View} comes out when asked for. */
export class Board {
  readonly #skew = new ClockSkew();
  readonly #costCurves = new CostCurves();
  readonly #scoreCurves = new ScoreCurves();
  readonly #predictions = new RecentList<PredictionsFrame['items'][number]>(500);
  readonly #events = new RecentList<EventEntry>(500);
  readonly #rejections = new RecentList<ErrorEntry>(100);
  readonly #now: () => number;
  #link: Link = { kind: 'connecting' };
  #model: ModelFacts | undefined;
  #cost: CostFrame | undefined;
  #metrics: MetricsFrame | undefined;
  #weights: WeightsView | undefined;
  #predictedStep = -1;
  #received = 0;
  #conflated = 0;
  readonly #listeners = new Set<() => void>();

  constructor({ now }: BoardOptions) {
    this.#now = now;
  }

  /** Calls back whenever the next view would differ; returns how to stop that. */
  listen(changed: () => void): () => void {
    this.#listeners.add(changed);
    return () => this.#listeners.delete(changed);
  }

  /** Samples learned, as far as is known here. */
  get step(): number {
    return Math.max(this.#cost?.step ?? 0, this.#metrics?.step ?? 0);
  }

  takeLink(link: Link): void {
    this.#link = link;
    this.#changed();
  }

  takeModel(model: ModelFacts): void {
    this.#model = model;
    this.#changed();
  }

  /**
   * Where fewer samples have been scored than before, another history has begun: curves begin
   * anew, what happened stays listed. The epoch does not tell that: it also changes with the shape.
   */
  takeCost(frame: CostFrame): void {
    if (frame.n < (this.#cost?.n ?? 0)) this.#forget();
    this.#count(frame);
    this.#costCurves.add(frame);
    this.#cost = frame;
  }

  takeHistory(points: History['points']): void {
    this.#costCurves.addHistory(points);
    this.#changed();
  }

  takeMetrics(frame: MetricsFrame): void {
    this.#count(frame);
    this.#scoreCurves.add(frame);
    this.#metrics = frame;
  }

  takeWeights({ step, at, tensors }: WeightsNow): void {
    const before = new Map(this.#weights?.tensors.map(({ name, values }) => [name, values]));
    this.#weights = {
      step,
      at,
      tensors: tensors.map((tensor) => {
        const values = before.get(tensor.name);
        return values ? { ...tensor, before: values } : tensor;
      }),
    };
    this.#changed();
  }

  /** A frame repeats what the one before it held when few samples came between. */
  takePredictions(frame: PredictionsFrame): void {
    this.#count(frame);
    const fresh = frame.items.filter(({ step }) => step > this.#predictedStep);
    this.#predictions.add(fresh);
    this.#predictedStep = fresh.at(-1)?.step ?? this.#predictedStep;
  }

  takeEvent(event: EventEntry): void {
    if (this.#events.items.some((known) => isSame(known, event))) return;
    this.#events.add([event]);
    this.#changed();
  }

  takeRejection(rejection: ErrorEntry): void {
    if (this.#rejections.items.some((known) => isSame(known, rejection))) return;
    this.#rejections.add([rejection]);
    this.#changed();
  }

  /** How old the newest cost is now, in milliseconds; NaN before the first. */
  age(): number {
    return this.#cost ? this.#skew.age(this.#cost.at, this.#now()) : Number.NaN;
  }

  view(): View {
    return {
      link: this.#link,
      ...(this.#model && { model: this.#model }),
      step: this.step,
      ageMs: this.age(),
      ...(this.#cost && { cost: this.#cost }),
      costCurve: this.#costCurves.curve(),
      ...(this.#metrics && { metrics: this.#metrics }),
      scoreCurve: this.#scoreCurves.curve(),
      ...(this.#weights && { weights: this.#weights }),
      predictions: this.#predictions.items,
      events: this.#events.items,
      rejections: this.#rejections.items,
      frames: { received: this.#received, conflated: this.#conflated },
    };
  }

  #changed(): void {
    for (const changed of this.#listeners) changed();
  }

  #count({ seq, prev, at }: StateFrame): void {
    this.#skew.note(at, this.#now());
    this.#received += 1;
    if (prev > 0) this.#conflated += Math.max(0, seq - prev - 1);
    this.#changed();
  }

  #forget(): void {
    this.#costCurves.clear();
    this.#scoreCurves.clear();
    this.#predictions.clear();
    this.#predictedStep = -1;
    this.#cost = undefined;
    this.#metrics = undefined;
    this.#weights = undefined;
  }
}

/** After a reconnection a log may tell again what it has told before. */
function isSame(a: EventEntry | ErrorEntry, b: EventEntry | ErrorEntry): boolean {
  return a.seq === b.seq && a.at === b.at;
}
