import type { LabelledSample } from '../engine.ts';
import type { Chunk } from './chunks.ts';
import { copyInto } from './copy.ts';
import type { NetworkBlock } from './network-block.ts';

/** Where samples wait in the block until one call learns all of them, and leaves their costs. */
export class Stage {
  readonly #x: Float32Array;
  readonly #y: Float32Array;
  readonly #costs: Float32Array;
  readonly #stride: { readonly x: number; readonly y: number };

  constructor(block: NetworkBlock) {
    const { x, y, costs, count } = block.code.plan.stage;
    this.#stride = { x: x.stride / 4, y: y.stride / 4 };
    this.#x = block.floats(x.at, count * this.#stride.x);
    this.#y = block.floats(y.at, count * this.#stride.y);
    this.#costs = block.floats(costs.at, count);
  }

  /** Puts a chunk of samples at the beginning of the stage. */
  put(samples: readonly LabelledSample[], { first, end }: Chunk): void {
    const { x, y } = this.#stride;
    for (let s = first; s < end; s++) {
      copyInto(this.#x, samples[s]!.x, (s - first) * x);
      copyInto(this.#y, samples[s]!.y, (s - first) * y);
    }
  }

  /**
   * Fills in the costs of a chunk: NaN where a sample was left out. Returns how many were not.
   */
  takeCosts(out: Float64Array, { first, end }: Chunk): number {
    let count = 0;
    for (let s = first; s < end; s++) {
      const cost = this.#costs[s - first]!;
      const isKnown = cost - cost === 0;
      out[s] = isKnown ? cost : Number.NaN;
      if (isKnown) count += 1;
    }
    return count;
  }
}
