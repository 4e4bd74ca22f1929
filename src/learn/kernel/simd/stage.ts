import type { LabelledSample } from '../../labelled-sample.ts';
import type { Chunk } from './chunks.ts';
import { copyInto } from './copy.ts';
import type { Inputs } from './inputs.ts';
import type { NetworkBlock } from './network-block.ts';

/** Where samples wait in the block until one call learns all of them, and leaves their costs. */
export class KernelStage {
  readonly #inputs: Inputs;
  readonly #y: Float32Array;
  readonly #costs: Float32Array;
  readonly #stride: number;

  constructor(block: NetworkBlock, inputs: Inputs) {
    const { y, costs, count } = block.code.plan.stage;
    this.#inputs = inputs;
    this.#stride = y.stride / 4;
    this.#y = block.floats(y.at, count * this.#stride);
    this.#costs = block.floats(costs.at, count);
  }

  /** Puts a chunk of samples at the beginning of the stage. */
  put(samples: readonly LabelledSample[], { first, end }: Chunk): void {
    for (let s = first; s < end; s++) {
      const { x, y } = samples[s]!;
      copyInto(this.#y, y, (s - first) * this.#stride);
      this.#inputs.take(x, s - first);
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
