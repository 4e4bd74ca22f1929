import { euclideanNorm } from './norm.ts';

/** A descent that has left the finite numbers: its learning rate is too large for the function. */
export class DescentDiverged extends RangeError {
  override readonly name = 'DescentDiverged';
  /** The step whose position is not finite, from 1. */
  readonly step: number;

  constructor(step: number) {
    super(`the position is not finite at step ${step}: lower the learning rate`);
    this.step = step;
  }
}

/** Options of a descent in one dimension (`start` is a number) or in many (a list of numbers). */
export interface DescentOptions<Position extends number | readonly number[]> {
  /** The derivative, or the gradient, of what is to be made small. */
  readonly gradient: (position: Position) => Position;
  /** Where it begins: a number, or one for each dimension. */
  readonly start: Position;
  /** α: > 0. Default 0.01. */
  readonly learningRate?: number;
  /** It ends when two positions are at most this far apart (Euclidean): ≥ 0. Default 0.00001. */
  readonly precision?: number;
  /** It ends after this many steps at the latest. Default 10,000. */
  readonly stepsMax?: number;
}

/** One step of a descent. */
export interface DescentStep<Position extends number | readonly number[]> {
  /** 1 for the first. */
  readonly step: number;
  /** Where the step ended. */
  readonly position: Position;
  /** The gradient at the position before it. */
  readonly gradient: Position;
  /** How far it went: the Euclidean distance between the two positions. */
  readonly distance: number;
  /**
   * Only at the last step, why it was the last: the position hardly moved (`converged`), or there were
   * as many steps as `stepsMax` allows, and the position is not a minimum yet (`stepsMax`).
   */
  readonly ended?: 'converged' | 'stepsMax';
}

/**
 * Gradient descent: w_new = w_old − α ∇error(w_old), until it hardly moves. An iterable of its
 * steps, begun anew by each iteration. Throws a RangeError on a bad option, and while it is iterated
 * a {@link DescentDiverged} where a position is no longer finite: the learning rate was too large.
 */
export function descentSteps(options: DescentOptions<number>): Iterable<DescentStep<number>>;
export function descentSteps(
  options: DescentOptions<readonly number[]>,
): Iterable<DescentStep<readonly number[]>>;
export function descentSteps(
  options: DescentOptions<number> | DescentOptions<readonly number[]>,
): Iterable<DescentStep<number> | DescentStep<readonly number[]>> {
  const { learningRate = 0.01, precision = 0.00001, stepsMax = 10_000 } = options;
  if (!(learningRate > 0)) throw new RangeError(`learningRate must be > 0, not ${learningRate}`);
  if (!(precision >= 0)) throw new RangeError(`precision must be ≥ 0, not ${precision}`);
  if (!(stepsMax >= 1)) throw new RangeError(`stepsMax must be ≥ 1, not ${stepsMax}`);
  const limits = { learningRate, precision, stepsMax };
  if (!inOneDimension(options)) return { [Symbol.iterator]: () => descend(options, limits) };
  const inMany: DescentOptions<readonly number[]> = {
    gradient: ([position]) => [options.gradient(position!)],
    start: [options.start],
  };
  return {
    *[Symbol.iterator]() {
      for (const { position, gradient, ...rest } of descend(inMany, limits)) {
        yield { ...rest, position: position[0]!, gradient: gradient[0]! };
      }
    },
  };
}

const inOneDimension = (
  options: DescentOptions<number> | DescentOptions<readonly number[]>,
): options is DescentOptions<number> => typeof options.start === 'number';

type Limits = Required<
  Pick<DescentOptions<readonly number[]>, 'learningRate' | 'precision' | 'stepsMax'>
>;

function* descend(
  { gradient: gradientAt, start }: DescentOptions<readonly number[]>,
  { learningRate, precision, stepsMax }: Limits,
): Generator<DescentStep<readonly number[]>> {
  let position = start;
  for (let step = 1; step <= stepsMax; step++) {
    const gradient = gradientAt(position);
    const before = position;
    position = before.map((value, i) => value - learningRate * gradient[i]!);
    if (!position.every(Number.isFinite)) {
      throw new DescentDiverged(step);
    }
    const distance = euclideanNorm(position.map((value, i) => value - before[i]!));
    const made = { step, position, gradient, distance };
    if (distance <= precision) {
      yield { ...made, ended: 'converged' };
      return;
    }
    yield step === stepsMax ? { ...made, ended: 'stepsMax' } : made;
  }
}
