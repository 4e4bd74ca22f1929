import type { TensorView } from '../board/view.ts';

/** A layer: its weights and, where it has them, its biases. */
export interface LayerView {
  readonly name: string;
  readonly weights: TensorView;
  readonly biases?: TensorView;
}

/** Layers that belong together: a network, or one expert of a pool. */
export interface LayerGroup {
  /** Empty for a network that stands alone. */
  readonly name: string;
  readonly layers: readonly LayerView[];
}

/** Tensors named `expert/l0.W` and `expert/l0.b`, put together into layers, and these into groups. */
export function layerGroups(tensors: readonly TensorView[]): readonly LayerGroup[] {
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const groups = new Map<string, LayerView[]>();
  for (const weights of tensors.filter(({ shape }) => shape.length === 2)) {
    const { group, layer } = parts(weights.name);
    const biases = byName.get(weights.name.replace(/\.?[Ww][^./]*$/, '.b'));
    const view = { name: layer, weights, ...(biases && { biases }) };
    groups.set(group, [...(groups.get(group) ?? []), view]);
  }
  return [...groups].map(([name, layers]) => ({ name, layers }));
}

/** The group with the most layers: of a pool, the expert that there is most to see of. */
export function deepest(groups: readonly LayerGroup[]): LayerGroup | undefined {
  const most = Math.max(0, ...groups.map(({ layers }) => layers.length));
  return groups.find(({ layers }) => layers.length === most);
}

function parts(name: string): { group: string; layer: string } {
  const slash = name.lastIndexOf('/');
  const own = name.slice(slash + 1);
  return { group: name.slice(0, Math.max(0, slash)), layer: own.replace(/\.[^.]*$/, '') };
}
