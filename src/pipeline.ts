import {
  defer,
  type MonoTypeOperatorFunction,
  NEVER,
  type Observable,
  type Subscription,
  tap,
} from 'rxjs';
import { encoder, slotNames } from './encode/encoder.ts';
import { type NewInputsReport, newInputsEvent } from './encode/new-inputs.ts';
import type { Slot } from './encode/slots.ts';
import type { Detector } from './evaluate/detector.ts';
import { adwin } from './evaluate/detectors/index.ts';
import { type EvaluationMemory, evaluation, type Reading } from './evaluate/evaluation.ts';
import type { FirstPredictionsMemory } from './evaluate/first-predictions.ts';
import { announceDrift, measure, recallPredictions } from './evaluate/operators.ts';
import { type TotalCost, totalOf } from './evaluate/total-cost.ts';
import { classFactor } from './learn/class-weights.ts';
import { explain } from './learn/explain.ts';
import { rollBack } from './learn/last-good.ts';
import type { Learner, Memory } from './learn/learner.ts';
import type { LearningMemory, Rollback } from './learn/learning.ts';
import { countIn, memoryIn } from './learn/memory-fields.ts';
import {
  type NamedPrediction,
  type NamedPredictionOptions,
  PredictionNames,
} from './learn/named-prediction.ts';
import { learn } from './learn/operators.ts';
import { costOf } from './learn/prediction-cost.ts';
import type { Audience, PipelineOptions, Preparation, Scaling } from './pipeline-options.ts';
import { nonFiniteIn } from './snapshot/finite-memory.ts';
import { loadLearner, refuseOtherStages, without } from './snapshot/fitting-memory.ts';
import { freeze } from './snapshot/freeze.ts';
import type { FreezeOptions, FrozenModel } from './snapshot/frozen-model.ts';
import { snapshot } from './snapshot/operators.ts';
import { RecentUpdates } from './snapshot/recent-updates.ts';
import type { Snapshot, StreamEvent } from './snapshot/snapshot.ts';
import type { Measures } from './snapshot/summary.ts';
import type { Example } from './sources/example.ts';
import type { Sample } from './sources/sample.ts';
import { beside } from './stream/beside.ts';
import { defined } from './stream/defined.ts';
import { type Rejection, type RejectionSink, withRaw } from './stream/rejection.ts';
import { run } from './stream/run.ts';
import { type GatheredLook, gathered } from './stream/stages.ts';
import { unchanged } from './stream/unchanged.ts';

export type { Audience, PipelineOptions, Preparation, Scaling } from './pipeline-options.ts';

/** The rejections of the one example that {@link Pipeline.learn} learns. */
interface Refused {
  readonly rejections: Rejection[];
  readonly index: number | undefined;
}

const nobody: Audience = { publish() {}, event() {}, reject() {} };

const costRise = adwin({ direction: 'rise' });

/**
 * The whole stream: samples are encoded, standardised, learned from, evaluated, snapshotted and
 * broadcast to clients. It gives each stage its memory, so that it holds all there is to save.
 */
export class Pipeline {
  readonly #options: PipelineOptions;
  readonly #learner: Learner;
  readonly #audience: Audience;
  readonly #preparation: Preparation;
  readonly #scaling: Scaling;
  readonly #detector: Detector;
  readonly #encoder;
  readonly #evaluation;
  readonly #memory;
  readonly #names: PredictionNames;
  readonly #factorOf: ((sample: Sample) => number) | undefined;
  readonly #look: GatheredLook = { flush() {}, push: undefined };
  readonly #recent = new RecentUpdates();
  #rejected = 0;
  /** The run that {@link learn} has begun, and what it has collected since. */
  #ownRun: Subscription | undefined;
  #refused: Refused | undefined;

  /** Throws a TypeError or a RangeError if an option is invalid. */
  constructor(options: PipelineOptions) {
    const {
      learner,
      preparation = unchanged(),
      scaling = unchanged(),
      audience = nobody,
      metrics,
      detector = costRise,
    } = options;
    this.#options = options;
    this.#learner = learner;
    this.#audience = audience;
    this.#preparation = preparation;
    this.#scaling = scaling;
    this.#detector = detector;
    const { recycles = learner.forget !== undefined } = options;
    const reported = {
      next: (report: NewInputsReport) =>
        audience.event(newInputsEvent(report, this.#memory.learning.step)),
    };
    this.#encoder = encoder({ reported, ...options, recycles });
    const { threshold, classWeights, window, tables } = options;
    this.#names = new PredictionNames(learner, threshold);
    const classes = () => this.#memory.encoder.classes;
    this.#factorOf = classWeights && classFactor(classWeights, classes);
    const decide = threshold && ((outputs: ArrayLike<number>) => this.decide(outputs));
    this.#evaluation = evaluation(metrics, defined({ window, tables, decide }));
    this.#memory = this.#initial();
  }

  /**
   * The stream from examples to snapshots. One at a time: the learner has a lock. Where examples come
   * in a burst, as from an array or a file, it processes up to 32 of them together, stage by stage.
   * Callers of the pipeline do not notice: all that has arrived is learned before it answers.
   */
  run(examples: Observable<Example>): Observable<Snapshot> {
    return defer(() => {
      this.stop();
      return this.#stages(examples);
    });
  }

  /**
   * Learns one example at once, between those of the source that it runs on; without a run it begins
   * one of its own, which publishes snapshots until {@link stop}. Returns why it was refused, by which
   * stages: nothing if it was learned.
   *
   * `index` is what a rejection gives as the position of the example. Default: how many came before it.
   * Throws an Error where the learner is trained by another pipeline.
   */
  learn(example: Example, index?: number): readonly Rejection[] {
    // What the source gave before it is learned before it, and is not what is refused here.
    this.#look.flush();
    if (this.#look.push === undefined) this.#beginOwnRun();
    const rejections: Rejection[] = [];
    this.#refused = { rejections, index };
    try {
      this.#look.push!(example as never);
      this.#look.flush();
    } finally {
      this.#refused = undefined;
    }
    return rejections;
  }

  /** Ends the run that {@link learn} has begun. One of {@link run} ends with its subscription. */
  stop(): void {
    this.#ownRun?.unsubscribe();
    this.#ownRun = undefined;
  }

  #beginOwnRun(): void {
    let failure: unknown;
    this.#ownRun = this.#stages(NEVER).subscribe({
      error: (error: Error) => {
        failure = error;
        this.#audience.event({ kind: 'error', step: this.step, message: error.message });
      },
    });
    if (this.#look.push === undefined) throw failure;
  }

  #stages(examples: Observable<Example>): Observable<Snapshot> {
    const { everyMs } = this.#options;
    const memory = this.#memory;
    const rejected: RejectionSink = { next: (rejection) => this.reject(rejection) };
    const drifted = { next: (event: StreamEvent) => this.#audience.event(event) };
    const rolledBack = { next: (rollback: Rollback) => this.#announce(rollback) };
    return gathered(examples, this.#look)
      .pipe(
        run(this.#preparation, { memory: memory.preparation, rejected }),
        run(this.#encoder, { memory: memory.encoder, rejected }),
        run(this.#scaling, { memory: memory.scaling, rejected }),
        learn(this.#learner, {
          memory: memory.learning,
          ...{ growing: true, rejected, rolledBack },
          ...defined({ factorOf: this.#factorOf }),
        }),
        beside(this.#options.updates),
      )
      .pipe(
        recallPredictions({
          memory: memory.predictions,
          costOf: (prediction, y) => costOf(this.#learner, prediction, y),
        }),
        announceDrift(this.#detector, { memory: memory.drift, drifted }),
        measure(this.#evaluation, { memory: memory.evaluation }),
        snapshot(this.#learner, {
          ...this.#shown(),
          measures: this.#measures(),
          recent: this.#recent,
          ...defined({ everyMs }),
        }),
        broadcast(this.#audience),
      );
  }

  /**
   * What would be predicted now: the outputs; with `named` the class and the probabilities by their names,
   * or the number and its interval, and the features of the example that the model does not know. Changes
   * nothing.
   */
  predict(example: Example): Float64Array;
  predict(example: Example, options: NamedPredictionOptions): NamedPrediction;
  predict(example: Example, options?: NamedPredictionOptions): Float64Array | NamedPrediction {
    if (options?.named === true) return this.#named(example, options);
    const { x, classCount } = this.#sample(example);
    // Before the first class there is nothing to name, and the outputs are all that there is.
    return this.#learner.predict(x).slice(0, classCount || undefined);
  }

  #named(example: Example, options: NamedPredictionOptions): NamedPrediction {
    const { features } = this.#preparation.apply(this.#settled.preparation, example);
    return this.#names.predict({ features, x: this.#sample(example).x }, this, options);
  }

  /** The 0-based class that the outputs, one per class, decide for: the likeliest, or by the threshold. */
  decide(outputs: ArrayLike<number>): number {
    return this.#names.decide(outputs, this.#memory.encoder.classes);
  }

  /** Each of the `tables` by its name, as of now. */
  get tables(): Readonly<Record<string, unknown>> {
    return this.#evaluation.read(this.#settled.evaluation).tables;
  }

  /** Whether the learner can tell what a feature contributes: see {@link explain}. */
  get canExplain(): boolean {
    return this.#learner.explain !== undefined;
  }

  /**
   * Why it would predict what it predicts: for each output, how much each feature contributes, by its
   * name (a category by `name=value`). Changes nothing. Throws a TypeError where the learner cannot tell.
   */
  explain(example: Example): Readonly<Record<string, number>>[] {
    const sample = this.#sample(example);
    const contributions = explain(this.#learner, sample);
    const names = slotNames(this.#settled.encoder);
    const { outputCount } = this.#learner;
    const inputCount = contributions.length / outputCount;
    const length = Math.min(outputCount, sample.classCount || outputCount);
    return Array.from({ length }, (_, k) =>
      Object.fromEntries(names.map((name, i) => [name, contributions[k * inputCount + i]!])),
    );
  }

  /**
   * A copy of one network of the learner and of the newest samples: all that follows from them can be
   * computed elsewhere. Changes nothing. Throws a TypeError where the learner has no network that can be
   * copied, and a RangeError where it has none of that name.
   */
  freeze(options: FreezeOptions = {}): FrozenModel {
    const { task = 'regression' } = this.#options;
    return freeze(this.#learner, this.#settled, { ...options, task, recent: this.#recent });
  }

  /** Examples refused so far, by any stage. */
  get rejected(): number {
    this.#look.flush();
    return this.#rejected;
  }

  /** Counts and shows a rejection, also one of a source that comes before the first stage. */
  reject(rejection: Rejection): void {
    this.#rejected += 1;
    if (this.#refused === undefined) {
      this.#audience.reject(rejection);
      return;
    }
    const { rejections, index = rejection.index } = this.#refused;
    rejections.push(rejection);
    // Stages count what came to each of them; what is fed may have a position of its own.
    this.#audience.reject(withRaw({ ...rejection, index }, rejection.raw));
  }

  /** The classes in the order of the outputs; undefined in a regression. */
  get classes(): readonly string[] | undefined {
    return this.#options.task === 'classification' ? this.#settled.encoder.classes : undefined;
  }

  /** What the positions of a vector stand for, in order. */
  get slots(): readonly Slot[] {
    return this.#settled.encoder.slots;
  }

  /** How often a position of a vector was given to another feature. */
  get recycled(): number {
    return this.#settled.encoder.newcomers?.recycled ?? 0;
  }

  /** Samples learned so far. */
  get step(): number {
    return this.#settled.learning.step;
  }

  /** ΣJ and the like over all samples that were scored. */
  get cost(): TotalCost {
    return totalOf(this.#settled.evaluation.total);
  }

  /** A copy of all that every stage remembers. */
  save(): Memory {
    return structuredClone({
      ...this.#settled,
      learner: this.#learner.save(),
      rejected: this.#rejected,
    }) as unknown as Memory;
  }

  /**
   * The same for a checkpoint: if the learner remembers a number that is not finite, it is rolled back to
   * its last finite state first, and the audience gets an event.
   */
  saveFinite(): Memory {
    const memory = this.save();
    if (nonFiniteIn(memory['learner']) === undefined || !this.#rollBack()) return memory;
    return this.save();
  }

  /**
   * Resumes from what was saved. Not while it runs. Throws a {@link MemoryError} that names the first field
   * that does not fit, as of a pipeline with other parts; then nothing has changed.
   */
  load(memory: Memory): void {
    this.stop();
    const copy = structuredClone(memory);
    const rejected = countIn(copy, 'rejected');
    const saved = memoryIn(copy, 'learner');
    memoryIn(copy, 'evaluation');
    const stages = without(copy, ['learner', 'rejected']);
    refuseOtherStages(stages, this.#initial());
    loadLearner(this.#learner, saved);
    Object.assign(this.#memory, stages);
    this.#rejected = rejected;
  }

  /** What the stages remember before anything has come. */
  #initial() {
    return {
      preparation: this.#preparation.initial(),
      encoder: this.#encoder.initial(),
      scaling: this.#scaling.initial(),
      learning: { step: 0 } satisfies LearningMemory,
      predictions: { ring: [], count: 0 } as FirstPredictionsMemory,
      drift: this.#detector.initial(),
      evaluation: this.#evaluation.initial() satisfies EvaluationMemory,
    };
  }

  /** What the stages remember when all that has come is learned. */
  get #settled() {
    this.#look.flush();
    return this.#memory;
  }

  /** An example as the learner takes it. Changes nothing. */
  #sample(example: Example): Sample {
    const memory = this.#settled;
    const prepared = this.#preparation.apply(memory.preparation, example);
    const sample = this.#encoder.apply(memory.encoder, prepared);
    return this.#scaling.apply(memory.scaling, sample);
  }

  #shown(): { classes?: () => readonly string[]; rejected: () => number } {
    const rejected = (): number => this.#rejected;
    return this.classes ? { classes: () => this.classes ?? [], rejected } : { rejected };
  }

  #measures(): Measures {
    const read = (): Reading => this.#evaluation.read(this.#memory.evaluation);
    return { step: this.step, read };
  }

  #rollBack(): boolean {
    const { inputCount, outputCount } = this.#learner;
    const undone = rollBack(this.#learner);
    if (undone === undefined) return false;
    // The encoder remembers what has appeared since the copy was made.
    this.#learner.grow?.(inputCount, outputCount);
    this.#announce({ step: this.step, undone });
    return true;
  }

  #announce({ step, undone }: Rollback): void {
    const message = `weights were no longer finite; the last ${undone} samples are unlearned`;
    this.#audience.event({ kind: 'rollback', step, message, detail: { undone } });
  }
}

const broadcast = (audience: Audience): MonoTypeOperatorFunction<Snapshot> =>
  tap((taken) => audience.publish(taken));
