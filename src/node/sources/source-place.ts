import { filter, type MonoTypeOperatorFunction, tap } from 'rxjs';
import type { SourcePosition } from '../../snapshot/checkpoint.ts';
import type { Governor } from '../../stream/governor.ts';
import type { Beginning, Place } from './place.ts';

/** A new origin of the count, valid once `at` examples have been consumed in all. */
interface Mark {
  readonly at: number;
  beginning?: () => Beginning;
  /** Rows that the source has refused since, also those after a later mark. */
  rejected: number;
}

/**
 * The offset of a source: counts consumed examples, and skips those that were consumed before. Examples
 * may be buffered in between, so a mark takes effect only when those before it have been consumed.
 */
export class SourcePlace implements Place {
  readonly #governor: Governor | undefined;
  #calm: (() => void) | undefined;
  readonly #marks: Mark[] = [{ at: 0, rejected: 0 }];
  #given = 0;
  #taken = 0;
  #count = 0;
  #before = 0;
  #rejectedBefore = 0;
  #isRejectedKnown = true;

  /** Skipped examples are read at full speed, whatever the rate of the governor. */
  constructor(governor?: Governor) {
    this.#governor = governor;
  }

  /** Stands where a checkpoint says. */
  startFrom({ since, taken, rejected }: Omit<SourcePosition, 'name'>): void {
    this.#given = taken;
    this.#taken = taken;
    // Checkpoints of before do not say it.
    this.#isRejectedKnown = rejected !== undefined;
    const mark = { at: 0, rejected: rejected ?? 0, ...(since && { beginning: () => since }) };
    this.#marks.splice(0, this.#marks.length, mark);
  }

  /** The number of examples consumed in all, from any origin. */
  get count(): number {
    return this.#count;
  }

  /** Sets the number of examples consumed by earlier processes. */
  countFrom(count: number): void {
    this.#count = count;
  }

  get since(): Beginning | undefined {
    return this.#marks.at(-1)!.beginning?.();
  }

  /** What of it a checkpoint keeps. */
  get position(): Omit<SourcePosition, 'name'> {
    const { at, beginning, rejected } = this.#marks[0]!;
    return { ...(beginning && { since: beginning() }), taken: this.#taken - at, rejected };
  }

  /** Whether what comes now has come before. */
  get isReplaying(): boolean {
    return this.#before > 0;
  }

  begin(beginning: () => Beginning, more = 0): void {
    // What remains after skipping was rejected after this origin, while examples were buffered.
    if (this.isReplaying) this.#rejectedBefore = 0;
    this.#passBy(0);
    this.#marks.push({ at: this.#given + more, beginning, rejected: this.#rejectedBefore });
    this.#settle();
  }

  repeat(beginning?: () => Beginning): void {
    const mark = this.#marks.at(-1)!;
    if (beginning) mark.beginning = beginning;
    this.#rejectedBefore = mark.rejected;
    this.#passBy(this.#given - mark.at);
  }

  /** Lets through what is new of what the source gives. */
  passing<Value>(): MonoTypeOperatorFunction<Value> {
    return filter(() => {
      if (this.isReplaying) {
        this.#passBy(this.#before - 1);
        return false;
      }
      this.#given += 1;
      return true;
    });
  }

  /** Counts consumed values. */
  counting<Value>(): MonoTypeOperatorFunction<Value> {
    return tap(() => {
      this.#taken += 1;
      this.#count += 1;
      this.#settle();
    });
  }

  /** Takes note that the source has refused a row. Returns whether that is new. */
  refuse(): boolean {
    if (this.#rejectedBefore > 0) {
      this.#rejectedBefore -= 1;
      return false;
    }
    for (const mark of this.#marks) mark.rejected += 1;
    return this.#isRejectedKnown || !this.isReplaying;
  }

  #passBy(count: number): void {
    this.#before = count;
    if (this.isReplaying) {
      this.#calm ??= this.#governor?.hurry();
    } else {
      this.#calm?.();
      this.#calm = undefined;
    }
  }

  #settle(): void {
    while (this.#marks.length > 1 && this.#marks[1]!.at <= this.#taken) this.#marks.shift();
  }
}
