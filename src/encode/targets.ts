import type { Example } from '../sources/example.ts';
import { isTarget } from '../sources/sample-range.ts';
import { SampleError } from '../stream/rejection.ts';

/** The classes of a stream by their names, each with its one-hot vector. */
export class ClassVectors {
  readonly #names: string[];
  /** By the target as it came, so that the usual one needs no conversion to text. */
  readonly #positions = new Map<unknown, number>();
  #count: number;
  readonly #vectors: (readonly number[])[] = [];

  /** Works on `names` itself: a new class is pushed to it. */
  constructor(names: string[]) {
    this.#names = names;
    this.#count = names.length;
    for (const [position, name] of names.entries()) this.#positions.set(name, position);
  }

  /** Whether it speaks of this list, and the list is as it left it. */
  isOf(names: string[]): boolean {
    return names === this.#names && names.length === this.#count;
  }

  /** How many classes there are. */
  get count(): number {
    return this.#count;
  }

  /** The position of a class; −1: not seen yet. */
  find(target: unknown): number {
    const known = this.#positions.get(target);
    if (known !== undefined) return known;
    const position = this.#positions.get(String(target)) ?? -1;
    if (position >= 0) this.#positions.set(target, position);
    return position;
  }

  /** The position of a class, which is a new one if it was not seen yet. */
  add(target: unknown): number {
    const position = this.find(target);
    if (position >= 0) return position;
    this.#count = this.#names.push(String(target));
    this.#positions.set(String(target), this.#count - 1);
    return this.#count - 1;
  }

  /**
   * The one-hot vector of a class, a new one each time. Frozen ones that are shared would be read more slowly.
   * It has at least two numbers: a single one would be read as the probability of class 1.
   */
  vector(position: number): number[] {
    const length = Math.max(2, this.#count);
    const known = this.#vectors[position];
    if (known?.length === length) return known.slice();
    const fresh = oneHot(position, length);
    this.#vectors[position] = fresh;
    return fresh.slice();
  }
}

const oneHot = (position: number, length: number): number[] =>
  Array.from({ length }, (_, i) => (i === position ? 1 : 0));

/** The target of a regression; a SampleError if it is no number from −1e15 to 1e15. */
export const numberTarget = ({ target }: Example): number => {
  if (typeof target === 'number' && isTarget(target)) return target;
  const reason = `the target is ${shown(target)}: expected a number from -1e15 to 1e15`;
  throw new SampleError('label', reason);
};

/** Refuses what can be no class: a number that is not finite, an object, a very long text. */
export const checkClass = ({ target }: Example): void => {
  const isClass =
    typeof target === 'boolean' ||
    (typeof target === 'number' && Number.isFinite(target)) ||
    (typeof target === 'string' && target.length <= CLASS_NAME_LENGTH_MAX);
  if (isClass) return;
  throw new SampleError(
    'label',
    `the target is ${shown(target)}: expected a class, a text of at most ${CLASS_NAME_LENGTH_MAX} characters, a number or a boolean`,
  );
};

/** How long the name of a class may be, in UTF-16 units: names are kept for ever. */
const CLASS_NAME_LENGTH_MAX = 256;

const shown = (target: unknown): string => {
  if (typeof target === 'string') return JSON.stringify(target.slice(0, 40));
  return typeof target === 'object' ? 'an object' : String(target);
};
