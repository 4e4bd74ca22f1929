import { connect, identity, type Observable, type OperatorFunction, Subject, tap } from 'rxjs';
import {
  Busy,
  type FeedOutcome,
  type Observation,
  type Origin,
  type Predictions,
  type Row,
  type RowAnswers,
  type Steering,
} from '../../broadcast/model.ts';
import type { ModelDescription } from '../../broadcast/model-info.ts';
import { rememberLast } from '../../broadcast/producers.ts';
import type { Task } from '../../encode/task.ts';
import { standardMetrics } from '../../evaluate/standard-metrics.ts';
import type { Learner, Memory } from '../../learn/learner.ts';
import { type Audience, Pipeline, type Preparation } from '../../pipeline.ts';
import { CheckpointError, type SourcePosition } from '../../snapshot/checkpoint.ts';
import type { FreezeOptions, FrozenModel } from '../../snapshot/frozen-model.ts';
import type { Snapshot, StreamEvent } from '../../snapshot/snapshot.ts';
import type { ConnectionEvent } from '../../sources/connection-event.ts';
import type { Example } from '../../sources/example.ts';
import { defined } from '../../stream/defined.ts';
import { Governor } from '../../stream/governor.ts';
import type { Rejection } from '../../stream/rejection.ts';
import { overflowEvent } from '../../stream/waiting.ts';
import { withHead } from '../../stream/with-head.ts';
import { openSource } from '../sources/open-source.ts';
import type { OpenedSource } from '../sources/opened-source.ts';
import type { Surroundings } from '../sources/source-options.ts';
import { SourcePlace } from '../sources/source-place.ts';
import type { Capture } from './checkpoints/checkpointer.ts';
import { classModel, classParts } from './class-options.ts';
import { FeedReplay } from './feed-log/feed-replay.ts';
import { FirstRows, type Size } from './first-rows.ts';
import { chooseLearner } from './learner-choice.ts';
import { PipelineModel, steerSource } from './pipeline-model.ts';
import { checkComposition } from './resume.ts';
import { runResettable, untilLearned } from './run-resettable.ts';
import { TrainingColumns } from './training-columns.ts';
import { type ModelShape, Rejections, type TrainingModel } from './training-model.ts';
import type { Resume, TrainingOptions } from './training-options.ts';

/** What there is once the first rows have come. */
interface Parts {
  readonly task: Task;
  readonly learner: Learner;
  readonly pipeline: Pipeline;
  readonly model: PipelineModel;
}

/** Rejections of the source that wait until there is a model, at most. */
const waitingMax = 1_000;

/** The `retryMs` of an answer before the first rows, in ms. */
const beginMs = 500;

/** Milliseconds between two snapshots. */
const everyMsDefault = 33;

/**
 * One source on its way through the whole stream, from examples to snapshots. It is the model that a
 * server asks: it predicts, and learns what is fed among the examples of the source.
 */
export class Training implements TrainingModel {
  readonly source: OpenedSource;
  readonly producers: Map<string, number>;
  readonly saved?: () => Promise<void>;
  readonly rejections = new Rejections();
  readonly #options: TrainingOptions;
  readonly #governor = new Governor();
  readonly #place = new SourcePlace(this.#governor);
  readonly #replay: FeedReplay;
  readonly #columns: TrainingColumns;
  readonly #resets = new Subject<void>();
  readonly #waiting: Rejection[] = [];
  #audience: Audience | undefined;
  #parts: Parts | undefined;
  /** Batches that were fed, by this process and those before it. */
  #batches: number;
  #isStopped = false;

  /** Opens the source that `specs` name, and connects it. Throws a SourceError where it is clearly impossible. */
  constructor(specs: readonly string[], options: TrainingOptions, open = openSource) {
    this.#options = options;
    const { from, saved, replay = [] } = options;
    this.producers = new Map(from?.producers);
    if (saved) this.saved = saved;
    this.#batches = from?.fed?.batches ?? 0;
    this.#replay = new FeedReplay(replay);
    this.#columns = new TrainingColumns(options, (...notice) => this.#notice(...notice));
    this.source = open(specs, { ...this.#columns.sourceOptions(), ...this.#surroundings() });
    this.#place.countFrom(from?.fed?.examples ?? 0);
    if (from?.source?.name === this.source.name) this.#stand(from.source);
  }

  get shape(): ModelShape | undefined {
    if (!this.#parts) return undefined;
    const { task, learner } = this.#parts;
    return { task, inputCount: learner.inputCount, outputCount: learner.outputCount };
  }

  /** Absent until the first rows have come. */
  get pipeline(): Pipeline | undefined {
    return this.#parts?.pipeline;
  }

  /** Absent until the first rows have come. */
  get learner(): Learner | undefined {
    return this.#parts?.learner;
  }

  get description(): ModelDescription {
    return this.#parts?.model.description ?? {};
  }

  snapshots(audience?: Audience): Observable<Snapshot> {
    this.#audience = audience;
    const { from, task } = this.#options;
    const examples = this.source.examples.pipe(this.#place.passing());
    // All who listen do so before the source begins: it may give its first examples at once.
    if (from) return examples.pipe(connect((given) => given.pipe(this.#resume(from))));
    const first = new FirstRows(this.source, {
      ...(task && { task }),
      typed: (rows) => this.#columns.typed(rows, this.source),
    });
    return examples.pipe(
      withHead(
        (head) => first.areEnough(head),
        (head) => this.#begin(first, head),
        first.timeout,
      ),
      // Where no model came, nobody else takes them.
      tap({ error: () => this.#settle(), complete: () => this.#settle() }),
    );
  }

  predict(rows: readonly Row[]): Predictions {
    return this.#model().predict(rows);
  }

  ask<Name extends keyof RowAnswers>(name: Name, rows: readonly Row[]): RowAnswers[Name] {
    return this.#model().ask(name, rows);
  }

  freeze(options: FreezeOptions): FrozenModel {
    return this.#model().freeze(options);
  }

  feed(samples: readonly Observation[], origin?: Origin): FeedOutcome {
    if (!this.#replay.isOver) {
      throw new Busy('samples that were fed before a restart are learned first', beginMs);
    }
    return this.#take(samples, origin);
  }

  steer(steering: Steering): void {
    if (steering.op === 'reset') this.#resets.next();
    else steerSource(this.#governor, steering);
  }

  capture(): Capture | undefined {
    if (!this.#parts) return undefined;
    const { task, learner, pipeline } = this.#parts;
    const { learner: name, target = '', seed } = this.#options;
    const { inputCount, outputCount, composition = '' } = learner;
    const featureMax = this.source.featureMax ?? 0;
    const { count, sum } = pipeline.cost;
    return {
      model: {
        learner: name,
        task,
        target,
        inputCount,
        outputCount,
        featureMax,
        seed,
        composition,
        ...classModel(this.#options),
      },
      step: pipeline.step,
      cost: { count, sum },
      source: { name: this.source.name, ...this.#place.position },
      memory: pipeline.saveFinite(),
      producers: new Map(this.producers),
      fed: { batches: this.#batches, examples: this.#place.count },
    };
  }

  stop(): void {
    this.#isStopped = true;
    this.#parts?.model.stop();
  }

  #model(): PipelineModel {
    if (this.#isStopped) throw new Busy('the training has ended', beginMs);
    if (this.#parts) return this.#parts.model;
    throw new Busy('there is no model yet: its source has not given a row', beginMs);
  }

  #take(samples: readonly Observation[], origin?: Origin): FeedOutcome {
    const outcome = this.#model().feed(samples);
    if (origin) rememberLast(this.producers, origin.producer, origin.upTo);
    this.#batches += 1;
    return { ...outcome, mark: { batch: this.#batches, examples: this.#place.count } };
  }

  #stand(before: SourcePosition): void {
    const { isReplayable, findsPlace } = this.source;
    if (findsPlace) this.#place.startFrom(before);
    else if (isReplayable && before.since === undefined) {
      this.#place.startFrom(before);
      this.#place.repeat();
    }
  }

  #surroundings(): Surroundings {
    const { saved } = this.#options;
    return {
      rejected: { next: (rejection) => this.#rejectEarly(rejection) },
      place: this.#place,
      governor: this.#governor,
      events: { next: (event) => this.#passConnection(event) },
      overflow: { next: (overflow) => this.event(overflowEvent(overflow, this.#step)) },
      ...(saved && { kept: () => this.#keep(saved) }),
    };
  }

  /** Without a model there is no checkpoint, and what waits for the first rows is not durable. */
  async #keep(saved: () => Promise<void>): Promise<void> {
    if (!this.#parts) throw new Busy('there is no model yet', beginMs);
    await saved();
  }

  get #step(): number {
    return this.#parts?.pipeline.step ?? 0;
  }

  /** The audience learns of a restart too, since rows may be lost by it. */
  #passConnection(event: ConnectionEvent): void {
    this.#options.connections?.next(event);
    if (event.kind !== 'restarted') return;
    const { message, lostBytes = 0 } = event;
    this.event({ kind: 'error', step: this.#step, message, detail: { lostBytes } });
  }

  #settle(): void {
    for (const rejection of this.#waiting.splice(0)) this.reject(rejection);
  }

  #begin(first: FirstRows, head: readonly Example[]): OperatorFunction<Example, Snapshot> {
    const { rows, preparation, summary } = this.#columns.begin(head, this.source);
    const { task, reason } = first.taskOf(rows);
    const pipeline = this.#build({ task, ...first.sizeOf(rows, task) }, preparation);
    for (const line of summary) this.#notice(line);
    if (reason !== '') this.#notice(`target: ${reason}`);
    for (const rejection of this.#waiting.splice(0)) pipeline.reject(rejection);
    return this.#stages(pipeline, pipeline.save());
  }

  #notice(message: string, detail?: Readonly<Record<string, unknown>>): void {
    this.#options.connections?.next({ kind: 'inferred', message });
    this.event({ kind: 'config', step: this.#step, message, ...(detail && { detail }) });
  }

  #resume({ model, memory }: Resume): OperatorFunction<Example, Snapshot> {
    const { task, inputCount, outputCount, featureMax } = model;
    if (featureMax !== (this.source.featureMax ?? 0)) {
      throw new CheckpointError(`the checkpoint does not fit the source ${this.source.name}`);
    }
    const size = { inputCount: inputCount as number, outputCount: outputCount as number };
    const preparation = this.#columns.resume(this.source);
    const pipeline = this.#build({ task: task as Task, ...size }, preparation);
    const initial = pipeline.save();
    try {
      checkComposition(model, this.#parts!.learner);
      pipeline.load(memory);
    } catch (error) {
      // Or what is half loaded would be written in the place of the checkpoint.
      this.#parts = undefined;
      const reason = error instanceof Error ? error.message : String(error);
      throw new CheckpointError(
        `the checkpoint does not fit this model: ${reason}; resume it with the version that wrote it, ` +
          'or move it aside and begin a new epoch with --begin-anew',
        { cause: error },
      );
    }
    return this.#stages(pipeline, initial);
  }

  #build({ task, ...size }: { task: Task } & Size, preparation?: Preparation): Pipeline {
    const { seed, metrics = standardMetrics, learner: name } = this.#options;
    const { everyMs = everyMsDefault, classesMax, featuresMax, updates, tables } = this.#options;
    const parts = classParts(task, this.#options);
    const { featureMax } = this.source;
    const isBalanced = this.#options.classWeights === 'balanced';
    const choice = chooseLearner(name, {
      ...{ task, seed, isBalanced, ...size },
      ...(featureMax && { featureMax }),
    });
    const pipeline = new Pipeline({
      task,
      ...choice,
      metrics: metrics(task),
      everyMs,
      audience: this,
      ...defined({ preparation, classesMax, featuresMax, updates, tables: tables?.(task) }),
      ...parts,
    });
    const model = new PipelineModel(pipeline);
    this.#parts = { task, learner: choice.learner, pipeline, model };
    return pipeline;
  }

  #stages(pipeline: Pipeline, initial: Memory): OperatorFunction<Example, Snapshot> {
    const { samples } = this.#options;
    // Before they are counted: a batch is learned after a given number of them, and before the next.
    const among = this.#replay.isOver
      ? identity
      : this.#replay.among(this.source, this.#place, (batch) => {
          this.#take(batch.samples, batch.origin);
        });
    const counted = (examples: Observable<Example>): Observable<Example> =>
      examples.pipe(among, this.#place.counting(), untilLearned(pipeline, samples));
    return (examples) =>
      runResettable(pipeline, counted(examples), { resets: this.#resets, initial });
  }

  #rejectEarly(rejection: Rejection): void {
    if (!this.#place.refuse()) return;
    if (this.#parts !== undefined) this.#parts.pipeline.reject(rejection);
    else if (this.#waiting.length < waitingMax) this.#waiting.push(rejection);
    else this.reject(rejection);
  }

  publish(snapshot: Snapshot): void {
    this.#audience?.publish(snapshot);
  }

  event(event: StreamEvent): void {
    this.#audience?.event(event);
  }

  reject(rejection: Rejection): void {
    this.rejections.add(rejection);
    this.#options.rejected?.next(rejection);
    this.#audience?.reject(rejection);
  }
}
