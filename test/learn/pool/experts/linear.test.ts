import { expect, test } from 'vitest';
import { LinearExpert } from '../../../../src/learn/pool/experts/linear.ts';
import { PoolInputs } from '../../../../src/learn/pool/inputs.ts';

test('the linear expert predicts the mean of the targets, each weighted by its sample', () => {
  const sizes = { inputCount: 1, classCount: 0 };
  const [expert, inputs] = [new LinearExpert(sizes), new PoolInputs(sizes)];
  const out = new Float64Array(1);
  for (let i = 0; i < 400; i += 1) {
    expert.learn(inputs, { label: 0, value: 0, weight: 1 }, out);
    expert.learn(inputs, { label: 0, value: 1, weight: 3 }, out);
  }
  expert.predict(inputs, out);
  expect(out[0]).toBeCloseTo(0.75, 1);
});

test('the linear expert predicts the frequencies of the classes, weighted in the same way', () => {
  const sizes = { inputCount: 1, classCount: 2 };
  const [expert, inputs] = [new LinearExpert(sizes), new PoolInputs(sizes)];
  const out = new Float64Array(2);
  for (let i = 0; i < 400; i += 1) {
    expert.learn(inputs, { label: 0, value: 0, weight: 1 }, out);
    expert.learn(inputs, { label: 1, value: 0, weight: 3 }, out);
  }
  expert.predict(inputs, out);
  expect(out[1]).toBeCloseTo(0.75, 1);
});
