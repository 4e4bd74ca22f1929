import { connect, identity, type Observable, type OperatorFunction, tap } from 'rxjs';
import type { Task } from '../../encode/task.ts';
import type { Metrics } from '../../evaluate/metric.ts';
import type { Learner, Memory } from '../../learn/learner.ts';
import { type Audience, Pipeline } from '../../pipeline.ts';
import { CheckpointError, type SourcePosition } from '../../snapshot/checkpoint.ts';
import type { Snapshot } from '../../snapshot/snapshot.ts';
import type { Example } from '../../sources/example.ts';
import { defined } from '../../stream/defined.ts';
import type { Governor } from '../../stream/governor.ts';
import type { Rejection } from '../../stream/rejection.ts';
import { withHead } from '../../stream/with-head.ts';
import type { Surroundings } from '../sources/open-options.ts';
import type { OpenedSource } from '../sources/opened-source.ts';
import { SourcePlace } from '../sources/source-place.ts';
import type { FeedReplay } from './feed-log/feed-replay.ts';
import { FirstRows, type Size } from './first-rows.ts';
import { chooseLearner, type LearnerName } from './learner-choice.ts';
import { Rejections } from './rejections.ts';
import { checkComposition, type Resume, type TrainingCapture } from './resume.ts';
import { runWith } from './run-with.ts';
import { untilLearned } from './until-learned.ts';

/** Options of a {@link Training}. */
export interface TrainingSettings {
  readonly learner: LearnerName;
  readonly seed: number;
  /** The name of the target, where one was said. */
  readonly target?: string;
  /** Default: what the source knows, else what its first rows suggest. */
  readonly task?: Task;
  /** How many classes there may be; a sample of one more is rejected. Default 1,000. */
  readonly classesMax?: number;
  /** How many features a record may have; one with more is rejected. Default 16,384. */
  readonly featuresMax?: number;
  /** It ends after so many learned samples. Default: with the source. */
  readonly samples?: number;
  /** Milliseconds between two snapshots. */
  readonly everyMs: number;
  /** What is measured, by the task. */
  readonly metrics: (task: Task) => Metrics;
  /** Who is told what the stream does. */
  readonly audience?: Audience;
  /** Examples from elsewhere, learned among those of the source. */
  readonly fed?: Observable<Example>;
  /** Each value begins the training anew, from nothing. */
  readonly resets?: Observable<void>;
  /** What the source is slowed by. */
  readonly governor?: Governor;
  /** Goes on from here. Default: from nothing. */
  readonly resume?: Resume;
  /** Batches of a log that are learned again among the examples. Default: none. */
  readonly replay?: FeedReplay;
}

/** The model of a training, known once the first rows have come. */
export interface TrainedModel {
  readonly task: Task;
  readonly learner: Learner;
  readonly pipeline: Pipeline;
}

/** A row that the source refuses before there is a model waits for it; so many at most. */
const waitingMax = 1_000;

/** One source on its way through the whole stream, from examples to snapshots. */
export class Training {
  readonly source: OpenedSource;
  /** What was left out, by the source or by any stage. */
  readonly rejections = new Rejections();
  readonly #settings: TrainingSettings;
  readonly #waiting: Rejection[] = [];
  readonly #place: SourcePlace;
  #model: TrainedModel | undefined;

  /** The source is opened with the sink that its rejections belong to, and with its place. */
  constructor(open: (surroundings: Surroundings) => OpenedSource, settings: TrainingSettings) {
    this.#place = new SourcePlace(settings.governor);
    const rejected = { next: (rejection: Rejection) => this.#rejectEarly(rejection) };
    this.source = open({ rejected, place: this.#place });
    this.#settings = settings;
    this.#place.countFrom(settings.resume?.fed?.examples ?? 0);
    const before = settings.resume?.source;
    if (before?.name === this.source.name) this.#stand(before);
  }

  /** Absent until the first rows have come. */
  get model(): TrainedModel | undefined {
    return this.#model;
  }

  /** Examples of the source that have been taken, by this process and those before it. */
  get position(): number {
    return this.#place.count;
  }

  /** Trains for as long as it is subscribed to. */
  snapshots(): Observable<Snapshot> {
    const { resume } = this.#settings;
    const examples = this.source.examples.pipe(this.#place.passing());
    // All who listen do so before the source begins: it may give its first examples at once.
    if (resume) return examples.pipe(connect((given) => given.pipe(this.#goOn(resume))));
    const first = new FirstRows(this.source, this.#settings.task);
    return examples.pipe(
      withHead(
        (head) => first.areEnough(head),
        (head) => this.#begin(first.taskOf(head), first.sizeOf(head)),
        first.patience,
      ),
      // Where no model came, nobody else takes them.
      tap({ error: () => this.#settle(), complete: () => this.#settle() }),
    );
  }

  /** All that a restart needs to go on from here; undefined before the first rows have come. */
  capture(): TrainingCapture | undefined {
    if (!this.#model) return undefined;
    const { task, learner, pipeline } = this.#model;
    const { learner: name, target = '', seed } = this.#settings;
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
      },
      step: pipeline.step,
      cost: { count, sum },
      source: { name: this.source.name, ...this.#place.position },
      memory: pipeline.saveFinite(),
    };
  }

  #stand(before: SourcePosition): void {
    const { isReplayable, findsPlace } = this.source;
    if (findsPlace) this.#place.startFrom(before);
    else if (isReplayable && before.since === undefined) {
      this.#place.startFrom(before);
      this.#place.repeat();
    }
  }

  #settle(): void {
    const audience = this.#audience();
    for (const rejection of this.#waiting.splice(0)) audience.reject(rejection);
  }

  #begin(task: Task, size: Size): OperatorFunction<Example, Snapshot> {
    const pipeline = this.#build({ task, ...size });
    for (const rejection of this.#waiting.splice(0)) pipeline.reject(rejection);
    return this.#stages(pipeline, pipeline.save());
  }

  #goOn({ model, memory }: Resume): OperatorFunction<Example, Snapshot> {
    const { task, inputCount, outputCount, featureMax } = model;
    if (featureMax !== (this.source.featureMax ?? 0)) {
      throw new CheckpointError(`the checkpoint does not fit the source ${this.source.name}`);
    }
    const size = { inputCount: inputCount as number, outputCount: outputCount as number };
    const pipeline = this.#build({ task: task as Task, ...size });
    const initial = pipeline.save();
    try {
      checkComposition(model, this.#model!.learner);
      pipeline.load(memory);
    } catch (error) {
      // Or what is half loaded would be kept in the place of the checkpoint.
      this.#model = undefined;
      const reason = error instanceof Error ? error.message : String(error);
      throw new CheckpointError(
        `the checkpoint does not fit this model: ${reason}; resume it with the version that wrote it, ` +
          'or move it aside and begin a new epoch with --begin-anew',
        { cause: error },
      );
    }
    return this.#stages(pipeline, initial);
  }

  #build({ task, ...size }: { task: Task } & Size): Pipeline {
    const { seed, everyMs, metrics, learner: name, classesMax, featuresMax } = this.#settings;
    const { featureMax } = this.source;
    const choice = chooseLearner(name, { task, seed, ...size, ...(featureMax && { featureMax }) });
    const pipeline = new Pipeline({
      task,
      ...choice,
      metrics: metrics(task),
      everyMs,
      audience: this.#audience(),
      ...defined({ classesMax, featuresMax }),
    });
    this.#model = { task, learner: choice.learner, pipeline };
    return pipeline;
  }

  #stages(pipeline: Pipeline, initial: Memory): OperatorFunction<Example, Snapshot> {
    const { fed, resets, samples, replay } = this.#settings;
    // Before they are counted: a batch is learned after so many of them, and before the next.
    const among = replay?.among(this.source, this.#place) ?? identity;
    const counted = (examples: Observable<Example>): Observable<Example> =>
      examples.pipe(among, this.#place.counting(), untilLearned(pipeline, samples));
    return (examples) =>
      runWith(pipeline, counted(examples), {
        initial,
        ...(fed && { fed }),
        ...(resets && { resets }),
      });
  }

  #rejectEarly(rejection: Rejection): void {
    if (!this.#place.refuse()) return;
    if (this.#model !== undefined) this.#model.pipeline.reject(rejection);
    else if (this.#waiting.length < waitingMax) this.#waiting.push(rejection);
    else this.#audience().reject(rejection);
  }

  #audience(): Audience {
    const { audience } = this.#settings;
    return {
      publish: (snapshot) => audience?.publish(snapshot),
      event: (event) => audience?.event(event),
      reject: (rejection) => {
        this.rejections.add(rejection);
        audience?.reject(rejection);
      },
    };
  }
}
