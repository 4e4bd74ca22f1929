import { DEVIATION_MIN } from '../math/running.ts';
import type { Layer } from './equations.ts';
import type { NetworkSpec } from './kernel/engine.ts';
import { layerSizesIn, optimizerIn } from './kernel/saved-network.ts';
import type { LabelledSample } from './labelled-sample.ts';
import { layeredDescription } from './layered-copy.ts';
import { layersOf } from './layout.ts';
import type { Memory } from './memory.ts';
import { float64s, memoryIn } from './memory-fields.ts';
import type { PartCopy } from './network-copy.ts';
import { allDeltas, forwardPass, unitBuffers } from './passes.ts';
import { momentsIn } from './saved-moments.ts';

/** What {@link networkPart} takes a part of. */
interface PartOptions {
  /** What `save()` of the network returns. */
  readonly memory: Memory;
  readonly x: ArrayLike<number>;
  /** The sample as the layers see it. */
  readonly sample: LabelledSample;
  /** Units per layer, at most. */
  readonly unitsMax: number;
}

/**
 * The units of each layer that matter most to one sample, with all that is computed of them by the
 * whole network. Costs one forward and one backward pass.
 */
export const networkPart = (
  spec: NetworkSpec,
  { memory, x, sample, unitsMax }: PartOptions,
): Omit<PartCopy, 'name'> => {
  const sizes = layerSizesIn(memory);
  const layers = layersOf(float64s(memory, 'parameters'), sizes);
  const { activations, loss } = spec;
  const { y } = sample;
  const { forward, deltas } = unitBuffers(sizes);
  forwardPass({ layers, activations }, sample.x, forward);
  const cost = allDeltas({ layers, activations, loss }, { ...forward, y }, deltas);
  const { z, h } = forward;
  // Of the outputs those that are farthest from their targets, the true class among them.
  const units = h.map((values, l) =>
    mostOf(l + 1 === sizes.length ? deltas.at(-1)! : values, unitsMax),
  );
  const own = (all: readonly Float64Array[], first: number): Float64Array[] =>
    all.map((values, l) => pick(values, units[l + first]!));
  return {
    kind: 'part',
    ...layeredDescription(spec),
    sizes,
    units,
    layers: layers.map((layer, l) => cropLayer(layer, units[l]!, units[l + 1]!)),
    z: own(z, 1),
    h: own(h, 0),
    deltas: own(deltas, 1),
    costByH: layers
      .slice(1)
      .map((layer, l) => pick(transposed(layer, deltas[l + 1]!, sizes[l + 1]!), units[l + 1]!)),
    y: Float64Array.from(units.at(-1)!, (unit) => y[unit]!),
    cost,
    x: pick(x, units[0]!),
    step: optimizerIn(memory).step,
    ...scaleIn(memory, units[0]!),
    target: null,
  };
};

const scaleIn = (
  memory: Memory,
  units: readonly number[],
): Pick<PartCopy, 'means' | 'deviations'> => {
  if (!memory['scaler']) return { means: null, deviations: null };
  const { means, variances } = momentsIn(memoryIn(memory, 'scaler'));
  const deviations = pick(variances, units)
    .map(Math.sqrt)
    .map((value) => (value < DEVIATION_MIN ? 0 : value));
  return { means: pick(means, units), deviations };
};

/** The positions of the numbers that are farthest from 0, in order. */
const mostOf = (values: Float64Array, most: number): number[] =>
  Array.from(values.keys())
    .sort((a, b) => Math.abs(values[b]!) - Math.abs(values[a]!))
    .slice(0, most)
    .sort((a, b) => a - b);

const pick = (values: ArrayLike<number>, units: readonly number[]): Float64Array =>
  Float64Array.from(units, (unit) => values[unit]!);

const cropLayer = (
  { weights, biases }: Layer,
  from: readonly number[],
  to: readonly number[],
): Layer => {
  const width = weights.length / biases.length;
  const cropped = new Float64Array(to.length * from.length);
  let at = 0;
  for (const row of to) for (const column of from) cropped[at++] = weights[row * width + column]!;
  return { weights: cropped, biases: pick(biases, to) };
};

/** Wᵀδ, of so many columns. */
const transposed = ({ weights }: Layer, deltas: Float64Array, columns: number): Float64Array => {
  const sums = new Float64Array(columns);
  for (const [row, delta] of deltas.entries())
    for (let i = 0; i < columns; i++) sums[i]! += weights[row * columns + i]! * delta;
  return sums;
};
