import { encoder } from '../../encode/encoder.ts';
import {
  type InferredTask,
  inferredTask,
  inferTask,
  isUnlabelled,
  TASK_ROWS,
  type Task,
} from '../../encode/task.ts';
import type { Example } from '../../sources/example.ts';
import { SourceError } from '../../sources/source-error.ts';
import { SampleError } from '../../stream/rejection.ts';
import type { HeadTimeout } from '../../stream/with-head.ts';
import type { OpenedSource } from '../sources/opened-source.ts';

/** The timeout for the first rows of a pipe, in ms: a pipe that has more at once is treated like a file. */
const waitMs = 1_000;

/** How wide a learner is made for the first row that it will learn from. */
export interface Size {
  readonly inputCount: number;
  readonly outputCount: number;
}

/** Options of {@link FirstRows}. */
export interface FirstRowsOptions {
  /** What nobody needs to infer. Default: what the source knows. */
  readonly task?: Task;
  /** The rows with their values as the types of their columns say. */
  readonly typed: (rows: readonly Example[]) => readonly Example[];
}

/** The first rows of a source: when they are enough to begin with, and what they say. */
export class FirstRows {
  readonly #source: OpenedSource;
  readonly #task: Task | undefined;
  readonly #typed: FirstRowsOptions['typed'];
  #isTold = false;

  constructor(source: OpenedSource, { task, typed }: FirstRowsOptions) {
    this.#source = source;
    this.#task = task ?? source.task;
    this.#typed = typed;
  }

  /** A live source must not be held up: its first row is enough where nothing is to be guessed. */
  areEnough(head: readonly Example[]): boolean {
    if (head.length >= TASK_ROWS) return true;
    if (!this.#source.isLive || isUnlabelled(head.at(-1)!)) return false;
    return !isUnlabelled(this.#typed(head).at(-1)!);
  }

  /**
   * What is predicted, by rows with typed values; no reason where nothing was inferred. Throws a
   * SourceError where they do not say it.
   */
  taskOf(head: readonly Example[]): InferredTask {
    if (this.#task !== undefined) return { task: this.#task, reason: '' };
    const { name, isLive } = this.#source;
    const labelled = labelledOf(head);
    if (labelled.length === 0) {
      throw new SourceError(`${name}: none of the first ${head.length} rows has a target`);
    }
    if (isLive && areNumbers(labelled)) {
      throw new SourceError(`${name} is live and its target is a number: say ${choice}`);
    }
    return inferredTask(head);
  }

  /**
   * The size of the learner: the inputs of the first row, since what later rows bring is not known before
   * their turn; the least number of outputs, since no class is. The values of the rows are typed. Throws a
   * SourceError where no row can be learned from.
   */
  sizeOf(head: readonly Example[], task: Task): Size {
    const { reason, ...size } = sizeBy(head, task);
    if (size.inputCount > 0) return size;
    throw new SourceError(`${this.#source.name}: no row can be learned from: ${reason}`);
  }

  /** Of a pipe: as many rows as of a file, or those of the first second if they suffice. */
  get timeout(): HeadTimeout<Example> | undefined {
    if (!this.#source.pipe) return undefined;
    return { everyMs: waitMs, isEnough: (rows) => this.#areClear(rows) };
  }

  /** Whether more rows would say nothing else. */
  #areClear(rows: readonly Example[]): boolean {
    const head = this.#typed(rows);
    const labelled = labelledOf(head);
    if (labelled.length === 0) return false;
    const task = this.#task ?? inferTask(labelled);
    if (this.#task !== undefined || task === 'regression' || !areNumbers(labelled)) {
      // One bad row must not be the end of it.
      return sizeBy(head, task).inputCount > 0;
    }
    // Few whole numbers may be classes, or amounts of which more are to come.
    if (!this.#isTold) {
      const { name, pipe } = this.#source;
      pipe?.tell(
        `${name}: ${TASK_ROWS} rows or its end are waited for, to guess the task: say ${choice}`,
      );
    }
    this.#isTold = true;
    return false;
  }
}

const choice = '--task classification or --task regression';

/** The size for the first row with features; no inputs, and why, where no row can be learned from. */
const sizeBy = (rows: readonly Example[], task: Task): Size & { readonly reason: string } => {
  // A one-hot vector has two numbers at least.
  const outputCount = task === 'regression' ? 1 : 2;
  const part = encoder({ task });
  let first: number | undefined;
  let reason = 'there is no feature beside the target';
  for (const row of rows) {
    const memory = part.initial();
    try {
      part.update(memory, row);
    } catch (error) {
      if (!(error instanceof SampleError)) throw error;
      // It will be rejected when its turn comes.
      reason = error.message;
    }
    if (memory.slots.length === 0) continue;
    first ??= memory.slots.length;
    if (!isUnlabelled(row)) return { inputCount: first, outputCount, reason };
  }
  return { inputCount: 0, outputCount, reason };
};

const labelledOf = (rows: readonly Example[]): Example[] =>
  rows.filter((row) => !isUnlabelled(row));

const areNumbers = (rows: readonly Example[]): boolean =>
  rows.every(({ target }) => typeof target === 'number');
