import type { Network } from 'rivulet';
import { lossWords } from '../why/cost.ts';
import { type LessonPass, networkOf } from '../why/lesson-pass.ts';

/** A gradient measured instead of derived, on one engine. */
export interface FiniteDifference {
  readonly engine: 'reference' | 'simd';
  /** How far the weight is moved to both sides. */
  readonly step: number;
  readonly above: number;
  readonly below: number;
  /** (J(w + ε) − J(w − ε)) / 2ε. */
  readonly value: number;
}

/** The simd engine computes in float32: a smaller step would drown in rounding. */
const steps = { reference: 1e-6, simd: 2 ** -6 } as const;

/** Moves one weight up and down and measures J, on both engines. */
export const finiteDifferences = (
  pass: LessonPass,
  at: { readonly layer: number; readonly to: number; readonly from: number },
): FiniteDifference[] =>
  (['reference', 'simd'] as const).map((engine) => {
    using network = networkOf(pass.model, engine, pass.memory);
    const step = steps[engine];
    const [above, below] = [step, -step].map((move) => costWith(network, pass, { ...at, move }));
    return { engine, step, above: above!, below: below!, value: (above! - below!) / (2 * step) };
  });

const costWith = (
  network: Network,
  { before, model, sample }: LessonPass,
  { layer, to, from, move }: { layer: number; to: number; from: number; move: number },
): number => {
  const layers = before.map(({ weights, biases }) => ({ weights: weights.slice(), biases }));
  layers[layer - 1]!.weights[to * model.sizes[layer - 1]! + from]! += move;
  network.setParameters(layers);
  const h = network.predict(sample.x);
  const { value } = lossWords[model.loss]!;
  return sample.y.reduce((sum, y, k) => sum + value(h[k]!, y), 0);
};
