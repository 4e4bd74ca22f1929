import type { Layer } from './equations.ts';

/** The most parameters that one network may have: 2²⁶, half a gigabyte in float64. */
export const parameterCountMax = 0x400_0000;

/** How many parameters a network of these sizes has: Σ s_{l+1} (s_l + 1). */
export const parameterCount = (sizes: readonly number[]): number => {
  let count = 0;
  for (let l = 0; l + 1 < sizes.length; l++) count += sizes[l + 1]! * (sizes[l]! + 1);
  return count;
};

/**
 * A flat vector in the canonical order (per layer W row-major s_{l+1} × s_l, then b) seen as layers.
 * The layers share its numbers.
 */
export const layersOf = (parameters: Float64Array, sizes: readonly number[]): Layer[] => {
  const layers: Layer[] = [];
  let offset = 0;
  for (let l = 0; l + 1 < sizes.length; l++) {
    const biasesAt = offset + sizes[l + 1]! * sizes[l]!;
    const end = biasesAt + sizes[l + 1]!;
    layers.push({
      weights: parameters.subarray(offset, biasesAt),
      biases: parameters.subarray(biasesAt, end),
    });
    offset = end;
  }
  return layers;
};

/** From which sizes to which. Hidden layers stay as they are. */
export interface Growth {
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/**
 * A vector with one number per parameter, moved into a larger network: old numbers keep their unit and
 * their input, new ones are `fresh`.
 */
export const growVector = (
  values: Float64Array,
  { from, to }: Growth,
  fresh: number,
): Float64Array => {
  const grown = new Float64Array(parameterCount(to)).fill(fresh);
  const oldLayers = layersOf(values, from);
  for (const [l, layer] of layersOf(grown, to).entries()) {
    const old = oldLayers[l]!;
    const oldInputs = from[l]!;
    for (let j = 0; j < from[l + 1]!; j++) {
      layer.weights.set(old.weights.subarray(j * oldInputs, (j + 1) * oldInputs), j * to[l]!);
    }
    layer.biases.set(old.biases);
  }
  return grown;
};
