import { requireWhole, requireWithin } from '../../math/limits.ts';
import { euclideanNorm } from '../../math/norm.ts';
import {
  type RandomMemory,
  randomInteger,
  randomNormal,
  randomUniform,
} from '../../math/random.ts';
import {
  type GeneratedStream,
  type GeneratorOptions,
  generate,
  named,
  uniforms,
} from './generate.ts';

/** Options of {@link randomRbf}. */
export interface RandomRbfOptions extends GeneratorOptions {
  /** How many features. Default 10; 1 to 1,000. */
  readonly features?: number;
  /** How many classes. Default 2; 2 to 1,000. */
  readonly classes?: number;
  /** How many clusters. Default 50; 1 to 10,000. */
  readonly clusters?: number;
  /** How far each centre moves per example within the unit cube, in [0, 1]. Default 0. */
  readonly speed?: number;
}

interface Cluster {
  readonly centre: Float64Array;
  /** A unit vector. */
  readonly direction: Float64Array;
  readonly spread: number;
  readonly label: number;
}

interface World {
  readonly clusters: readonly Cluster[];
  /** How likely the clusters up to each are, together. */
  readonly cumulative: Float64Array;
}

/**
 * Clusters with random centres, spreads, shares and classes; an example lies in a random direction
 * from the centre of one. The centres may move all the time; each drift gives every cluster the next
 * class. The random RBF generator of A. Bifet et al., "MOA: massive online analysis", 2010.
 */
export const randomRbf = ({
  features = 10,
  classes = 2,
  clusters = 50,
  speed = 0,
  ...options
}: RandomRbfOptions = {}): GeneratedStream => {
  requireWhole('features', features, [1, 1000]);
  requireWhole('classes', classes, [2, 1000]);
  requireWhole('clusters', clusters, [1, 10_000]);
  requireWithin('speed', speed, [0, 1]);
  return generate<World>(
    {
      initial: (random) => ({
        clusters: Array.from({ length: clusters }, () => cluster(random, features, classes)),
        cumulative: shares(random, clusters),
      }),
      draw(world, random, concept) {
        if (speed > 0) for (const each of world.clusters) move(each, speed);
        const chosen = choose(world, randomUniform(random));
        const offset = unitVector(random, features);
        const distance = chosen.spread * randomNormal(random);
        const x = chosen.centre.map((value, i) => value + distance * offset[i]!);
        return { features: named(x), target: `c${(chosen.label + concept) % classes}` };
      },
    },
    options,
  );
};

const cluster = (random: RandomMemory, features: number, classes: number): Cluster => ({
  centre: uniforms(random, features),
  direction: unitVector(random, features),
  spread: randomUniform(random),
  label: randomInteger(random, classes),
});

const shares = (random: RandomMemory, count: number): Float64Array => {
  const weights = uniforms(random, count);
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  let sum = 0;
  return weights.map((weight) => {
    sum += weight / all;
    return sum;
  });
};

const choose = ({ clusters, cumulative }: World, at: number): Cluster => {
  const found = cumulative.findIndex((upTo) => at < upTo);
  return clusters[found === -1 ? clusters.length - 1 : found]!;
};

const unitVector = (random: RandomMemory, length: number): Float64Array => {
  const vector = new Float64Array(length).map(() => randomNormal(random));
  const norm = euclideanNorm(vector);
  return vector.map((value) => value / norm);
};

/** A centre that comes to a wall of the cube turns back there. */
const move = ({ centre, direction }: Cluster, speed: number): void => {
  for (let i = 0; i < centre.length; i += 1) {
    const next = centre[i]! + speed * direction[i]!;
    if (next < 0 || next > 1) direction[i]! *= -1;
    centre[i] = Math.min(Math.max(next, 0), 1);
  }
};
