import { expect, test } from 'vitest';
import { autoencoder } from '../../src/learn/autoencoder.ts';

test('learns to give back what goes through its narrow middle', () => {
  const network = autoencoder({ inputCount: 4 });
  expect(network.outputCount).toBe(4);
  let [first, last] = [0, 0];
  for (let i = 0; i < 3_000; i += 1) {
    const a = Math.sin(i);
    const cost = network.learn([a, -a, a / 2, -a / 2], [a, -a, a / 2, -a / 2]);
    if (i < 100) first += cost;
    if (i >= 2_900) last += cost;
  }
  expect(last).toBeLessThan(first / 10);
});
