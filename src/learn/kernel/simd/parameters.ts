import { type Growth, parameterCount } from '../../layout.ts';
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
export const readParameters = (
  from: Float32Array,
  plan: Plan,
  sizes: readonly number[],
): Float64Array => {
  const out = new Float64Array(parameterCount(sizes));
  let at = 0;
  forEachRun(plan, sizes, ({ start, stride, count }) => {
    for (let i = 0; i < count; i++) out[at++] = from[start + i * stride]!;
  });
  return out;
};

/** One number a parameter, given in canonical order. The padding becomes zero. */
export const writeParameters = (
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
export const newPlaces = (plan: Plan, { from, to }: Growth): number[] => {
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
