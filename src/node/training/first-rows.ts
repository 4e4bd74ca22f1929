import type { MonoTypeOperatorFunction } from 'rxjs';
import { inferTask, isUnlabelled, TASK_ROWS, type Task } from '../../encode/task.ts';
import type { Example } from '../../sources/example.ts';
import { SourceError } from '../../sources/source-error.ts';
import { hold } from './hold.ts';
import type { OpenedSource } from './opened-source.ts';

/** So long the first rows of a pipe may take to come, in ms: who has more at once is like a file. */
const waitMs = 1_000;

/** The first rows of a source: when they are enough to begin with, and what they say. */
export class FirstRows {
  readonly #source: OpenedSource;
  readonly #task: Task | undefined;
  #isTold = false;
  #isOver = false;

  /** `task` is what nobody needs to guess. */
  constructor(source: OpenedSource, task: Task | undefined) {
    this.#source = source;
    this.#task = task ?? source.task;
  }

  /** A live source must not be held up: its first row is enough where nothing is to be guessed. */
  areEnough(head: readonly Example[]): boolean {
    if (this.#isOver || head.length >= TASK_ROWS) return true;
    return this.#source.isLive && !isUnlabelled(head.at(-1)!);
  }

  /** What is predicted. Throws a SourceError where they do not say it. */
  taskOf(head: readonly Example[]): Task {
    if (this.#task !== undefined) return this.#task;
    const { name, isLive } = this.#source;
    const labelled = labelledOf(head);
    if (labelled.length === 0) {
      throw new SourceError(`${name}: none of the first ${head.length} rows has a target`);
    }
    if (isLive && areNumbers(labelled)) {
      throw new SourceError(`${name} is live and its target is a number: say ${choice}`);
    }
    return inferTask(head);
  }

  /**
   * Holds the rows of a pipe back until there are as many as of a file, or those of the first second
   * are enough; then lets them go at once.
   */
  held(): MonoTypeOperatorFunction<Example> {
    if (!this.#source.pipe) return (rows) => rows;
    return hold({
      isEnough: ({ length }) => length >= TASK_ROWS,
      everyMs: waitMs,
      isEnoughByNow: (rows) => this.#areClear(rows),
      ending: () => {
        this.#isOver = true;
      },
    });
  }

  /** Whether more rows would say nothing else. */
  #areClear(head: readonly Example[]): boolean {
    const labelled = labelledOf(head);
    if (labelled.length === 0) return false;
    if (this.#task !== undefined || !areNumbers(labelled)) return true;
    if (inferTask(labelled) === 'regression') return true;
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

const labelledOf = (rows: readonly Example[]): Example[] =>
  rows.filter((row) => !isUnlabelled(row));

const areNumbers = (rows: readonly Example[]): boolean =>
  rows.every(({ target }) => typeof target === 'number');
