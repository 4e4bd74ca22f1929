import type { Activation } from './activation.ts';
import { backpropagate, gradients, type Layer, weightedSums } from './equations.ts';
import { layersOf, parameterCount } from './layout.ts';
import { isFused, type Loss } from './loss.ts';

/** What the forward pass computes from x. */
export interface ForwardPass extends LayerValues {
  /** The inputs as they were given. */
  readonly x: ArrayLike<number>;
}

/** z and h of all layers, first layer first. */
export interface LayerValues {
  /** z^(2) … z^(n_l). */
  readonly z: readonly Float64Array[];
  /** h^(1) … h^(n_l). h^(1) is x, or its z-scores where the network standardises. */
  readonly h: readonly Float64Array[];
}

/** What backpropagation computes, first layer first. */
export interface BackwardPass {
  /** J before the update. */
  readonly cost: number;
  /** δ^(2) … δ^(n_l). */
  readonly deltas: readonly Float64Array[];
  /** ∂J/∂W^(l) and ∂J/∂b^(l). */
  readonly gradients: readonly Layer[];
}

/** A network as the passes see it. */
export interface Passable {
  readonly layers: readonly Layer[];
  readonly activations: readonly Activation[];
}

/** A network that can be costed. */
export interface Trainable extends Passable {
  readonly loss: Loss;
}

/** Every z, h and δ of one sample. */
export interface UnitPass {
  readonly forward: LayerValues;
  readonly deltas: Float64Array[];
}

/** Arrays with one number per unit of a network of these sizes, all zero. */
export const unitBuffers = (sizes: readonly number[]): UnitPass => {
  const vectors = (counts: readonly number[]): Float64Array[] =>
    counts.map((count) => new Float64Array(count));
  const computed = sizes.slice(1);
  return { forward: { z: vectors(computed), h: vectors(sizes) }, deltas: vectors(computed) };
};

/** Arrays for the passes of one sample through a network of these sizes, all zero. */
export const passBuffers = (
  sizes: readonly number[],
): { forward: LayerValues; backward: Omit<BackwardPass, 'cost'> } => {
  const { forward, deltas } = unitBuffers(sizes);
  const gradients = layersOf(new Float64Array(parameterCount(sizes)), sizes);
  return { forward, backward: { deltas, gradients } };
};

/** z^(l+1) = W^(l) h^(l) + b^(l) and h^(l+1) = f(z^(l+1)), from the first layer to the last. */
export const forwardPass = (
  { layers, activations }: Passable,
  x: ArrayLike<number>,
  { z, h }: LayerValues,
): void => {
  h[0]!.set(x);
  for (let l = 0; l < layers.length; l++) {
    weightedSums(layers[l]!, h[l]!, z[l]!);
    activations[l]!.forward(z[l]!, h[l + 1]!);
  }
};

/** Every δ from the last layer to the first, then every gradient. Returns J. */
export const backwardPass = (
  network: Trainable,
  { y, ...pass }: LayerValues & { readonly y: ArrayLike<number> },
  into: Omit<BackwardPass, 'cost'>,
): number => {
  const cost = allDeltas(network, { y, ...pass }, into.deltas);
  for (let l = 0; l < into.deltas.length; l++) {
    gradients(into.deltas[l]!, pass.h[l]!, into.gradients[l]!);
  }
  return cost;
};

/** Every δ from the last layer to the first. Returns J. */
export const allDeltas = (
  network: Trainable,
  { y, ...pass }: LayerValues & { readonly y: ArrayLike<number> },
  deltas: readonly Float64Array[],
): number => {
  const cost = outputDelta(network, { y, ...pass }, deltas.at(-1)!);
  hiddenDeltas(network, pass, deltas);
  return cost;
};

/** δ^(l) = ((W^(l))ᵀ δ^(l+1)) ∘ f′(z^(l)) for all layers before the last, whose δ is there. */
export const hiddenDeltas = (
  { layers, activations }: Passable,
  { z, h }: LayerValues,
  deltas: readonly Float64Array[],
): void => {
  for (let l = layers.length - 1; l > 0; l--) {
    const delta = deltas[l - 1]!;
    backpropagate(layers[l]!, deltas[l]!, delta);
    activations[l - 1]!.backward({ z: z[l - 1]!, h: h[l]! }, delta, delta);
  }
};

/** δ^(n_l) = ∂J/∂h ∘ f′(z^(n_l)), or h − y where loss and activation are fused. Returns J. */
const outputDelta = (
  { activations, loss }: Trainable,
  pass: LayerValues & { readonly y: ArrayLike<number> },
  delta: Float64Array,
): number => {
  const activation = activations.at(-1)!;
  const z = pass.z.at(-1)!;
  const h = pass.h.at(-1)!;
  const { y } = pass;
  if (loss.fused && isFused(loss, activation)) {
    for (let i = 0; i < h.length; i++) delta[i] = h[i]! - y[i]!;
    return loss.fused.cost(z, y);
  }
  loss.gradient(h, y, delta);
  activation.backward({ z, h }, delta, delta);
  return loss.cost(h, y);
};
