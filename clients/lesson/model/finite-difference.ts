import type { EngineName, LessonPass } from '../why/lesson-pass.ts';

/** A gradient measured instead of derived, on one engine. */
export interface FiniteDifference {
  readonly engine: EngineName;
  /** How far the weight is moved to both sides. */
  readonly step: number;
  readonly above: number;
  readonly below: number;
  /** (J(w + ε) − J(w − ε)) / 2ε. */
  readonly value: number;
}

/** The simd engine computes in float32: a smaller step would drown in rounding. */
const steps = { reference: 1e-6, simd: 2 ** -6 } as const;

/** Moves one weight up and down and measures J, on each engine that can run the network. */
export const finiteDifferences = (
  pass: LessonPass,
  at: { readonly layer: number; readonly to: number; readonly from: number },
): FiniteDifference[] =>
  (['reference', 'simd'] as const).flatMap((engine) => {
    const step = steps[engine];
    const [above, below] = [step, -step].map((move) => pass.costWith(engine, { ...at, move }));
    if (above === undefined || below === undefined) return [];
    return [{ engine, step, above, below, value: (above - below) / (2 * step) }];
  });
