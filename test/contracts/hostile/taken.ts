import { firstValueFrom, type Observable, take, tap } from 'rxjs';
import { filter } from 'rxjs/operators';
import { encoder } from '../../../src/encode/encoder.ts';
import type { Example } from '../../../src/sources/example.ts';
import { type Rejection, SampleError } from '../../../src/stream/rejection.ts';
import { marker } from './items.ts';

/** Few slots: that names and texts are ever new is not what is tried here. */
const small = { task: 'classification', slotsMax: 200, valuesMax: 10, hashSlots: 8 } as const;

/** What became of the items of a source, with the encoder, which each example passes first. */
export class Taken {
  /** The numbers of the good items, in the order in which they came. */
  readonly good: number[] = [];
  /** How many other items became samples. */
  learned = 0;
  rejections = 0;
  /** Where a source puts what it refuses. */
  readonly rejected = { next: (rejection: Rejection) => this.#reject(rejection) };
  readonly #encoder = encoder(small);
  readonly #memory = this.#encoder.initial();

  /** How many items became samples or rejections, the good ones aside. */
  get settled(): number {
    return this.learned + this.rejections;
  }

  /** Takes an example as a pipeline does. Anything but a SampleError is thrown. */
  take(example: Example): void {
    try {
      const { x } = this.#encoder.update(this.#memory, example);
      for (const value of Array.from(x))
        if (value === Number.POSITIVE_INFINITY) throw new Error('infinite x');
      const { [marker]: number } = example.features;
      if (example.target === 'good' && typeof number === 'number') this.good.push(number);
      else this.learned += 1;
    } catch (error) {
      if (!(error instanceof SampleError)) throw error;
      this.rejections += 1;
    }
  }

  /** Takes all that a source gives: until its end, or until the good item of that number. */
  async takeAll(source: Observable<Example>, last?: number): Promise<void> {
    const taken = source.pipe(tap((example) => this.take(example)));
    const isLast = filter(() => last !== undefined && this.good.at(-1) === last);
    await firstValueFrom(taken.pipe(isLast, take(1)), { defaultValue: undefined });
  }

  #reject({ reason, code }: Rejection): void {
    if (typeof reason !== 'string' || reason === '' || !codes.includes(code))
      throw new Error(`no rejection: ${code} ${reason}`);
    this.rejections += 1;
  }
}

const codes = ['shape', 'value', 'label', 'parse'];

/** The numbers of `count` good items. */
export const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
