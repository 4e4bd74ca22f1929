import type { MomentArrays } from '../../../math/moment-arrays.ts';
import { inputClip } from '../../input-scaler.ts';
import { copyInto } from './copy.ts';
import type { NetworkBlock } from './network-block.ts';

/** How x comes to where the code of a network reads it: to a place of its stage. */
export interface Inputs {
  /** Puts x at the first place, to be predicted. Changes nothing that is remembered. */
  look(x: ArrayLike<number>): void;
  /** Puts the x of a sample where its y lies already, to be learned from. */
  take(x: ArrayLike<number>, place: number): void;
}

/** The `inputCount` inputs of a network: as they are, or standardised. */
export const inputsOf = (block: NetworkBlock, inputCount: number): Inputs => {
  if (!block.moments) return new PlainInputs(block);
  block.moments.size = inputCount;
  return new StandardisedInputs(block, block.moments);
};

class PlainInputs implements Inputs {
  readonly #x: Float32Array;
  readonly #stride: number;

  constructor(block: NetworkBlock) {
    const { x, count } = block.code.plan.stage;
    this.#stride = x.stride / 4;
    this.#x = block.floats(x.at, count * this.#stride);
  }

  look(x: ArrayLike<number>): void {
    copyInto(this.#x, x);
  }

  take(x: ArrayLike<number>, place: number): void {
    copyInto(this.#x, x, place * this.#stride);
  }
}

/** Writes z-scores; a NaN where some x is infinite, so that the code refuses the sample. */
class StandardisedInputs implements Inputs {
  readonly #moments: MomentArrays;
  readonly #x: Float32Array;
  readonly #y: Float32Array;
  readonly #address: number;
  readonly #stride: { readonly x: number; readonly y: number };

  constructor(block: NetworkBlock, moments: MomentArrays) {
    const { x, y, count } = block.code.plan.stage;
    this.#moments = moments;
    this.#stride = { x: x.stride / 4, y: y.stride / 4 };
    this.#address = block.address + x.at;
    this.#x = block.floats(x.at, count * this.#stride.x);
    this.#y = block.floats(y.at, count * this.#stride.y);
  }

  look(x: ArrayLike<number>): void {
    const isGood = this.#moments.look(x, { to: this.#address, clip: inputClip });
    if (!isGood) this.#x[0] = Number.NaN;
  }

  take(x: ArrayLike<number>, place: number): void {
    const first = place * this.#stride.x;
    const to = this.#address + 4 * first;
    // A sample that is refused for its y, which the code reads as floats, must not move the moments.
    const isTaken =
      this.#isFinite(place) && this.#moments.take(x, { to, clip: inputClip, floor: 0 });
    if (!isTaken) this.#x[first] = Number.NaN;
  }

  /** Whether the y at a place is finite: ∞ − ∞ and NaN − NaN are NaN, and floats add up to no ∞. */
  #isFinite(place: number): boolean {
    const y = this.#y;
    const { y: stride } = this.#stride;
    const first = Math.imul(place, stride);
    let [even, odd] = [0, 0];
    for (let k = first; k < first + stride; k += 2) {
      even += y[k]!;
      odd += y[k + 1]!;
    }
    return even - even === odd - odd;
  }
}
