import type { Observable } from 'rxjs';
import { requireWithin } from '../../math/limits.ts';
import { initialRandom, type RandomMemory, randomUniform } from '../../math/random.ts';
import { type PaceOptions, pace } from '../../stream/pace.ts';
import type { Example } from '../example.ts';

/** Options that every generator has. */
export interface GeneratorOptions extends PaceOptions {
  /** How many examples it emits: ≥ 0. Default: endless. */
  readonly count?: number;
  /** The same seed gives the same examples. Default 1. */
  readonly seed?: number;
  /** How many of the first examples to skip: ≥ 0. A restart resumes with it. Default 0. */
  readonly after?: number;
  /** The 0-based examples at which the concept changes, ascending. Default: none. */
  readonly driftAt?: readonly number[];
  /** Examples over which the new concept gradually replaces the old one: ≥ 1. Default 1. */
  readonly driftOver?: number;
}

/** A stream that knows when it drifts. */
export interface GeneratedStream extends Observable<Example> {
  /** The 0-based examples at which the concept changes: what a drift detector should find. */
  readonly drifts: readonly number[];
}

/** What examples are drawn from: one rule for each concept, 0 before the first drift. */
export interface Concepts<World> {
  /** What the rules speak of, such as centres of clusters. Drawn once, and changed in place. */
  initial(random: RandomMemory): World;
  /** The next example. It draws as often in each concept, so that their features are the same. */
  draw(world: World, random: RandomMemory, concept: number): Example;
}

/** A paced, cold stream of examples drawn from concepts. Throws a RangeError on a bad option. */
export const generate = <World>(
  concepts: Concepts<World>,
  options: GeneratorOptions,
): GeneratedStream => {
  const { count = Number.POSITIVE_INFINITY, driftAt = [], driftOver = 1 } = options;
  requireWithin('count', count, [0, Number.POSITIVE_INFINITY]);
  requireWithin('driftOver', driftOver, [1, Number.MAX_SAFE_INTEGER]);
  if (!driftAt.every((at, i) => Number.isInteger(at) && at > (driftAt[i - 1] ?? -1))) {
    throw new RangeError(
      `driftAt must be whole numbers from 0, ascending, not ${driftAt.join(', ')}`,
    );
  }
  initialRandom(options.seed ?? 1);
  const examples = { [Symbol.iterator]: () => draws(concepts, options) };
  return Object.assign(pace(examples, options), { drifts: [...driftAt] });
};

const draws = function* <World>(
  concepts: Concepts<World>,
  {
    count = Number.POSITIVE_INFINITY,
    seed = 1,
    after = 0,
    driftAt = [],
    driftOver = 1,
  }: GeneratorOptions,
): Generator<Example, undefined> {
  const random = initialRandom(seed);
  // Of its own, so that a drift leaves the features of all examples as they would have been.
  const choice = initialRandom(~seed);
  const world = concepts.initial(random);
  let concept = 0;
  for (let i = 0; i < count; i += 1) {
    while (i >= (driftAt[concept] ?? count)) concept += 1;
    const age = i + 1 - (driftAt[concept - 1] ?? 0);
    const isOld = concept > 0 && age < driftOver && randomUniform(choice) * driftOver >= age;
    const example = concepts.draw(world, random, isOld ? concept - 1 : concept);
    if (i >= after) yield example;
  }
};

/** Features x0, x1, … by name. */
export const named = (values: ArrayLike<number>): Record<string, number> => {
  const features: Record<string, number> = {};
  for (let i = 0; i < values.length; i += 1) features[`x${i}`] = values[i]!;
  return features;
};

/** So many draws from [0, 1). */
export const uniforms = (random: RandomMemory, count: number): Float64Array => {
  const values = new Float64Array(count);
  for (let i = 0; i < count; i += 1) values[i] = randomUniform(random);
  return values;
};
