import { MomentArrays } from '../../../math/moment-arrays.ts';
import { floats } from '../../../math/score-formats.ts';
import { allocate, type Block } from '../../../math/wasm/arena.ts';
import { program } from '../../../math/wasm/program.ts';
import { type Growth, parameterCount } from '../../layout.ts';
import type { NetworkSpec } from '../engine.ts';
import { codeKey, type Extent, networkCode } from './code.ts';
import {
  buildLearning,
  buildPrediction,
  type NetworkCode,
  type NetworkFunctions,
  type PredictionFunctions,
} from './learn.ts';
import type { LayerPlan, Plan } from './plan.ts';

/**
 * Visits all parameters in canonical order: per layer W row-major s_{l+1} × s_l, then b. A run is
 * the weights of one output or all biases of a layer; its numbers lie `stride` floats apart,
 * beginning `start` floats after the first parameter of the block.
 */
const forEachRun = (
  plan: Plan,
  sizes: readonly number[],
  visit: (run: { start: number; stride: number; count: number }) => void,
): void => {
  for (const [l, layer] of plan.layers.entries()) {
    const base = (layer.weightsAt - plan.parametersAt) / 4;
    const inputs = sizes[l]!;
    const outputs = sizes[l + 1]!;
    for (let output = 0; output < outputs; output++) {
      const { start, stride } = runOf(layer, output);
      visit({ start: base + start, stride, count: inputs });
    }
    visit({ start: (layer.biasesAt - plan.parametersAt) / 4, stride: 1, count: outputs });
  }
};

/** Where the weights of one output lie, in floats from the weights of its layer. */
const runOf = (layer: LayerPlan, output: number): { start: number; stride: number } => {
  if (layer.order === 'rows') return { start: (output * layer.rowStride) / 4, stride: 1 };
  let first = 0;
  let start = 0;
  for (const vectors of layer.blocks) {
    if (output < first + 4 * vectors) return { start: start + output - first, stride: 4 * vectors };
    first += 4 * vectors;
    start += 4 * vectors * layer.inputs;
  }
  throw new RangeError(`output ${output} lies in no block`);
};

/** One number a parameter, copied out of the kernel's layout into canonical order. */
const readParameters = (from: Float32Array, plan: Plan, sizes: readonly number[]): Float64Array => {
  const out = new Float64Array(parameterCount(sizes));
  let at = 0;
  forEachRun(plan, sizes, ({ start, stride, count }) => {
    for (let i = 0; i < count; i++) out[at++] = from[start + i * stride]!;
  });
  return out;
};

/** One number a parameter, given in canonical order. The padding becomes zero. */
const writeParameters = (
  to: Float32Array,
  { plan, sizes, values }: { plan: Plan; sizes: readonly number[]; values: ArrayLike<number> },
): void => {
  to.fill(0);
  let at = 0;
  forEachRun(plan, sizes, ({ start, stride, count }) => {
    for (let i = 0; i < count; i++) to[start + i * stride] = values[at++]!;
  });
};

/** Where the parameters lie that a growth adds, in floats from the first parameter. */
const newPlaces = (plan: Plan, { from, to }: Growth): number[] => {
  const places: number[] = [];
  for (const [l, layer] of plan.layers.entries()) {
    const base = (layer.weightsAt - plan.parametersAt) / 4;
    const biases = (layer.biasesAt - plan.parametersAt) / 4;
    for (let output = 0; output < to[l + 1]!; output++) {
      const { start, stride } = runOf(layer, output);
      const isNew = output >= from[l + 1]!;
      if (isNew) places.push(biases + output);
      for (let i = isNew ? 0 : from[l]!; i < to[l]!; i++) places.push(base + start + i * stride);
    }
  }
  return places;
};

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
