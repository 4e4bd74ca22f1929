import { pool } from '../../src/learn/pool/pool.ts';
import { initialRandom, randomNormal } from '../../src/math/random.ts';
import { Pipeline } from '../../src/pipeline.ts';
import type { Example } from '../../src/sources/example.ts';

/** How many numbers a row has beside its target. */
export const inputCount = 8;

/** Rows with a class that depends on their numbers. */
export const makeRows = (count: number): { x: number[]; target: number }[] => {
  const random = initialRandom(1);
  return Array.from({ length: count }, () => {
    const x = Array.from({ length: inputCount }, () => Number(randomNormal(random).toFixed(6)));
    return { x, target: x[0]! * x[1]! + x[2]! > 0 ? 1 : 0 };
  });
};

/** A row as an example. */
export const exampleOf = ({ x, target }: { x: number[]; target: number }): Example => ({
  features: Object.fromEntries(x.map((value, i) => [`x${i}`, value])),
  target,
});

/** The default learner in the whole stream. */
export const makePipeline = (): Pipeline =>
  new Pipeline({
    task: 'classification',
    learner: pool({ task: 'classification', inputCount, outputCount: 2 }),
  });
