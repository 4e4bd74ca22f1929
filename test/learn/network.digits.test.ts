import { from, lastValueFrom } from 'rxjs';
import { expect, test } from 'vitest';
import { classOf } from '../../src/evaluate/metric.ts';
import { totalCost } from '../../src/evaluate/operators.ts';
import { Network } from '../../src/learn/network.ts';
import { learn } from '../../src/learn/operators.ts';
import { sgd } from '../../src/learn/optimizers/index.ts';
import { initialRandom, shuffle } from '../../src/math/random.ts';
import { digitSamples } from '../../src/sources/digits.ts';

const passes = 20;

test("the seed's net knows 95 % of unseen digits after 20 passes over the others", async () => {
  const random = initialRandom(1);
  const samples = shuffle(random, [...digitSamples()]);
  const heldOut = samples.slice(0, Math.round(samples.length * 0.4));
  const others = samples.slice(heldOut.length);
  const network = new Network({
    sizes: [64, 30, 10],
    activations: ['sigmoid', 'sigmoid'],
    loss: 'halfSquaredError',
    optimizer: sgd({ learningRate: 0.25 }),
    engine: 'reference',
    seed: 1,
  });
  const stream = Array.from({ length: passes }, () => shuffle(random, others.slice())).flat();
  const total = await lastValueFrom(from(stream).pipe(learn(network), totalCost()));
  expect(total.count).toBe(passes * others.length);
  const right = heldOut.filter(({ x, y }) => classOf(network.predict(x)) === classOf(y!)).length;
  expect(right / heldOut.length).toBeGreaterThanOrEqual(0.95);
});
