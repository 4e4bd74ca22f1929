import { layersOf, parameterCount } from '../../layout.ts';

/**
 * The steps at which inputs and outputs were added. A parameter is as old as the younger of the
 * units that it joins; hidden units are there from the start.
 */
export class Births {
  readonly #inputs: number[];
  readonly #outputs: number[];

  constructor(inputs: readonly number[], outputs: readonly number[]) {
    this.#inputs = [...inputs];
    this.#outputs = [...outputs];
  }

  /** All units of a new network. */
  static at0(sizes: readonly number[]): Births {
    return new Births(
      new Array<number>(sizes[0]!).fill(0),
      new Array<number>(sizes.at(-1)!).fill(0),
    );
  }

  /** From one step per parameter, in canonical order. The first input and output never are late. */
  static from(steps: Float64Array, sizes: readonly number[]): Births {
    const layers = layersOf(steps, sizes);
    const inputs = layers[0]!.weights.subarray(0, sizes[0]);
    return new Births([...inputs], [...layers.at(-1)!.biases]);
  }

  /** Whether all are equally old. */
  get areEqual(): boolean {
    return [...this.#inputs, ...this.#outputs].every((step) => step === 0);
  }

  /** Adds units up to the given counts. */
  grow([inputCount, outputCount]: readonly [number, number], step: number): void {
    while (this.#inputs.length < inputCount) this.#inputs.push(step);
    while (this.#outputs.length < outputCount) this.#outputs.push(step);
  }

  /** One step a parameter, in canonical order. */
  steps(sizes: readonly number[]): Float64Array {
    const steps = new Float64Array(parameterCount(sizes));
    const layers = layersOf(steps, sizes);
    for (const [l, { weights, biases }] of layers.entries()) {
      const inputs = l === 0 ? this.#inputs : [];
      const outputs = l === layers.length - 1 ? this.#outputs : [];
      const inputCount = sizes[l]!;
      for (let o = 0; o < biases.length; o++) {
        biases[o] = outputs[o] ?? 0;
        for (let i = 0; i < inputCount; i++) {
          weights[o * inputCount + i] = Math.max(biases[o]!, inputs[i] ?? 0);
        }
      }
    }
    return steps;
  }
}
