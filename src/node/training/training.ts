import { Observable, type OperatorFunction, tap } from 'rxjs';
import { encoder } from '../../encode/encoder.ts';
import { inferTask, isUnlabelled, TASK_ROWS, type Task } from '../../encode/task.ts';
import type { Metrics } from '../../evaluate/metric.ts';
import type { Learner } from '../../learn/learner.ts';
import { type Audience, Pipeline } from '../../pipeline.ts';
import type { Snapshot } from '../../snapshot/snapshot.ts';
import type { Example } from '../../sources/example.ts';
import { SourceError } from '../../sources/source-error.ts';
import { subscribeLinked } from '../../stream/linked.ts';
import { type Rejection, type RejectionSink, SampleError } from '../../stream/rejection.ts';
import { withHead } from '../../stream/with-head.ts';
import { chooseLearner, type LearnerName } from './learner-choice.ts';
import type { OpenedSource } from './opened-source.ts';
import { Rejections } from './rejections.ts';
import { runWith } from './run-with.ts';

/** Options of a {@link Training}. */
export interface TrainingSettings {
  readonly learner: LearnerName;
  readonly seed: number;
  /** Default: what the source knows, else what its first rows suggest. */
  readonly task?: Task;
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
  #model: TrainedModel | undefined;

  /** The source is opened with the sink that its rejections belong to. */
  constructor(open: (rejected: RejectionSink) => OpenedSource, settings: TrainingSettings) {
    this.source = open({ next: (rejection) => this.#rejectEarly(rejection) });
    this.#settings = settings;
  }

  /** Absent until the first rows have come. */
  get model(): TrainedModel | undefined {
    return this.#model;
  }

  /** Trains for as long as it is subscribed to. */
  snapshots(): Observable<Snapshot> {
    return this.source.examples.pipe(
      withHead(
        (head) => this.#isEnough(head),
        (head) => this.#stages(head),
      ),
      // Where no model came, nobody else takes them.
      tap({ complete: () => this.#settle() }),
    );
  }

  #settle(): void {
    for (const rejection of this.#waiting.splice(0)) this.rejections.add(rejection);
  }

  /** A live source must not be held up: its first row is enough where nothing is to be guessed. */
  #isEnough(head: readonly Example[]): boolean {
    if (head.length >= TASK_ROWS) return true;
    return this.source.isLive && !isUnlabelled(head.at(-1)!);
  }

  #stages(head: readonly Example[]): OperatorFunction<Example, Snapshot> {
    const { seed, samples, everyMs, metrics, learner: name } = this.#settings;
    const { featureMax } = this.source;
    const task = this.#task(head);
    const size = { task, seed, ...this.#size(head, task) };
    const choice = chooseLearner(name, { ...size, ...(featureMax && { featureMax }) });
    const pipeline = new Pipeline({
      task,
      ...choice,
      metrics: metrics(task),
      everyMs,
      audience: this.#audience(),
    });
    this.#model = { task, learner: choice.learner, pipeline };
    for (const rejection of this.#waiting.splice(0)) pipeline.reject(rejection);
    const { fed, resets } = this.#settings;
    return (examples) =>
      runWith(pipeline, examples.pipe(untilLearned(pipeline, samples)), {
        ...(fed && { fed }),
        ...(resets && { resets }),
      });
  }

  #task(head: readonly Example[]): Task {
    const task = this.#settings.task ?? this.source.task;
    if (task !== undefined) return task;
    const { name, isLive } = this.source;
    const labelled = head.filter((example) => !isUnlabelled(example));
    if (labelled.length === 0) {
      throw new SourceError(`${name}: none of the first ${head.length} rows has a target`);
    }
    if (isLive && labelled.every(({ target }) => typeof target === 'number')) {
      const choice = '--task classification or --task regression';
      throw new SourceError(`${name} is live and its target is a number: say ${choice}`);
    }
    return inferTask(head);
  }

  /** How wide the learner must be for the first rows, so that it need not grow at once. */
  #size(head: readonly Example[], task: Task): { inputCount: number; outputCount: number } {
    const part = encoder({ task });
    const memory = part.initial();
    let reason = 'there is no feature beside the target';
    for (const example of head) {
      try {
        part.update(memory, example);
      } catch (error) {
        if (!(error instanceof SampleError)) throw error;
        // It will be rejected when its turn comes.
        reason = error.message;
      }
    }
    const inputCount = memory.slots.length;
    const outputCount = task === 'regression' ? 1 : memory.classes.length;
    if (inputCount > 0 && outputCount > 0) return { inputCount, outputCount };
    throw new SourceError(`${this.source.name}: no row can be learned from: ${reason}`);
  }

  #rejectEarly(rejection: Rejection): void {
    if (this.#model !== undefined) this.#model.pipeline.reject(rejection);
    else if (this.#waiting.length < waitingMax) this.#waiting.push(rejection);
    else this.rejections.add(rejection);
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

/** Ends after so many learned samples, without waiting for another example. */
const untilLearned =
  (pipeline: Pipeline, samples = Number.POSITIVE_INFINITY): OperatorFunction<Example, Example> =>
  (examples) =>
    new Observable((subscriber) =>
      subscribeLinked(examples, subscriber, {
        next(example) {
          subscriber.next(example);
          if (pipeline.step >= samples) subscriber.complete();
        },
      }),
    );
