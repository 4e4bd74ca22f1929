import { MomentArrays } from '../../../math/moment-arrays.ts';
import { floats } from '../../../math/score-formats.ts';
import { allocate, type Block } from '../../../math/wasm/arena.ts';
import { program } from '../../../math/wasm/program.ts';
import type { Growth } from '../../layout.ts';
import type { NetworkSpec } from '../engine.ts';
import { codeKey, type Extent, networkCode } from './code.ts';
import {
  buildLearning,
  buildPrediction,
  type NetworkCode,
  type NetworkFunctions,
  type PredictionFunctions,
} from './learn.ts';
import { newPlaces, readParameters, writeParameters } from './parameters.ts';

/** The memory of one network and the functions that work on it. */
export class NetworkBlock {
  readonly code: NetworkCode;
  readonly functions: NetworkFunctions;
  /** The address that the functions take. */
  readonly address: number;
  /** The moments of the inputs, where they are standardised. */
  readonly moments: MomentArrays | undefined;
  readonly #block: Block;
  readonly #key: string;
  /** A module of its own, since who learns from a stream need never wait for it. */
  #prediction: PredictionFunctions | undefined;

  constructor(spec: NetworkSpec, extent: Extent) {
    this.code = networkCode(spec, extent);
    this.#block = allocate(this.code.plan.byteLength, this);
    this.address = this.#block.address;
    const { moments } = this.code.plan;
    this.moments =
      moments &&
      new MomentArrays(this.#block, {
        address: this.address + moments.at,
        capacity: moments.capacity,
        format: floats,
      });
    this.#key = codeKey(spec, extent);
    this.functions = program<NetworkFunctions>(this.#block, this.#key, (module) =>
      buildLearning(module, this.code),
    );
  }

  /** From the first x of the stage to h of the output layer. */
  predict(): void {
    this.#prediction ??= program<PredictionFunctions>(
      this.#block,
      `prediction ${this.#key}`,
      (module) => buildPrediction(module, this.code),
    );
    this.#prediction.predict(this.address);
  }

  /** Some floats of the block. */
  floats(at: number, count: number): Float32Array {
    return new Float32Array(this.#block.buffer, this.#block.address + at, count);
  }

  /** Some doubles of the block. */
  doubles(at: number, count: number): Float64Array {
    return new Float64Array(this.#block.buffer, this.#block.address + at, count);
  }

  /** Array 0 are the parameters, the others the optimizer's memory: a copy in canonical order. */
  read(array: number, sizes: readonly number[]): Float64Array {
    return readParameters(this.#array(array), this.code.plan, sizes);
  }

  /** Replaces one array, given in canonical order. The padding becomes zero. */
  write(array: number, sizes: readonly number[], values: ArrayLike<number>): void {
    writeParameters(this.#array(array), { plan: this.code.plan, sizes, values });
  }

  /** Makes the optimizer's memory of parameters that are new in a growth fresh. */
  clearMemory({ from, to }: Growth): void {
    const { plan } = this.code;
    const places = newPlaces(plan, { from, to });
    for (let array = 1; array <= plan.memoryCount; array++) {
      const floats = this.#array(array);
      for (const place of places) floats[place] = 0;
    }
  }

  /** Marks which units are in use. */
  setMasks(sizes: readonly number[]): void {
    for (const [l, layer] of this.code.plan.layers.entries()) {
      const masks = new Int32Array(
        this.#block.buffer,
        this.#block.address + layer.masksAt,
        4 * layer.vectors,
      );
      masks.fill(-1, 0, sizes[l + 1]!);
      masks.fill(0, sizes[l + 1]!);
    }
  }

  free(): void {
    this.#block.free();
  }

  #array(index: number): Float32Array {
    const { parametersAt, parametersLength } = this.code.plan;
    return this.floats(parametersAt + index * parametersLength, parametersLength / 4);
  }
}
