import type { Activation } from './activation.ts';
import { backpropagate, gradients, type Layer, weightedSums } from './equations.ts';
import { layersOf, parameterCount } from './layout.ts';
import { isFused, type Loss } from './loss.ts';

/** What the forward pass computes, first layer first. All arrays are fresh. */
export interface ForwardPass {
  /** z^(2) … z^(n_l). */
  readonly z: readonly Float64Array[];
  /** h^(1) = x, h^(2) … h^(n_l). */
  readonly h: readonly Float64Array[];
}

/** What backpropagation computes, first layer first. All arrays are fresh. */
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

/** z^(l+1) = W^(l) h^(l) + b^(l) and h^(l+1) = f(z^(l+1)), from the first layer to the last. */
export const forwardPass = (
  { layers, activations }: Passable,
  x: ArrayLike<number>,
): ForwardPass => {
  const z: Float64Array[] = [];
  const h: Float64Array[] = [Float64Array.from(x)];
  for (const [l, layer] of layers.entries()) {
    const sums = new Float64Array(layer.biases.length);
    const values = new Float64Array(layer.biases.length);
    weightedSums(layer, h[l]!, sums);
    activations[l]!.forward(sums, values);
    z.push(sums);
    h.push(values);
  }
  return { z, h };
};

/** J, then every δ from the last layer to the first, then the gradients. Changes nothing. */
export const backwardPass = (
  network: Passable & { readonly loss: Loss },
  pass: ForwardPass,
  y: ArrayLike<number>,
): BackwardPass => {
  const { cost, delta } = outputDelta(network, pass, y);
  const deltas = deltasBefore(network, pass, delta);
  return { cost, deltas, gradients: gradientsOf(deltas, pass) };
};

/** The deltas of all layers, given that of the last: δ^(l) = ((W^(l))ᵀ δ^(l+1)) ∘ f′(z^(l)). */
export const deltasBefore = (
  { layers, activations }: Passable,
  { z, h }: ForwardPass,
  last: Float64Array,
): Float64Array[] => {
  const deltas = [last];
  for (let l = layers.length - 1; l > 0; l--) {
    const delta = new Float64Array(z[l - 1]!.length);
    backpropagate(layers[l]!, deltas[0]!, delta);
    activations[l - 1]!.backward({ z: z[l - 1]!, h: h[l]! }, delta, delta);
    deltas.unshift(delta);
  }
  return deltas;
};

/** J and δ^(n_l) = ∂J/∂h ∘ f′(z^(n_l)), or h − y where loss and activation are fused. */
const outputDelta = (
  { activations, loss }: Passable & { readonly loss: Loss },
  pass: ForwardPass,
  y: ArrayLike<number>,
): { cost: number; delta: Float64Array } => {
  const activation = activations.at(-1)!;
  const z = pass.z.at(-1)!;
  const h = pass.h.at(-1)!;
  if (loss.fused && isFused(loss, activation)) {
    return { cost: loss.fused.cost(z, y), delta: h.map((value, i) => value - y[i]!) };
  }
  const delta = new Float64Array(h.length);
  loss.gradient(h, y, delta);
  activation.backward({ z, h }, delta, delta);
  return { cost: loss.cost(h, y), delta };
};

const gradientsOf = (deltas: readonly Float64Array[], { h }: ForwardPass): Layer[] => {
  const sizes = h.map((values) => values.length);
  const layers = layersOf(new Float64Array(parameterCount(sizes)), sizes);
  for (const [l, layer] of layers.entries()) gradients(deltas[l]!, h[l]!, layer);
  return layers;
};
