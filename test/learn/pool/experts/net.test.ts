import { describe, expect, it } from 'vitest';
import type { Target } from '../../../../src/learn/pool/expert.ts';
import { NetExpert, type NetOptions } from '../../../../src/learn/pool/experts/net.ts';
import { PoolInputs } from '../../../../src/learn/pool/inputs.ts';

const sizes = { inputCount: 1, classCount: 0 };
const options: NetOptions = {
  name: 'net',
  rule: 'rms',
  rate: 0.01,
  scaling: 'steady',
  seesRecent: false,
  replays: 0,
  seed: 1,
};

/** An expert after targets that follow each other, and what it predicts then. */
const taught = (own: Partial<NetOptions>, targets: readonly Target[]) => {
  const [expert, inputs] = [new NetExpert({ ...options, ...own }, sizes), new PoolInputs(sizes)];
  const out = new Float64Array(1);
  for (const target of targets) expert.learn(inputs, target, out);
  expert.predict(inputs, out);
  return { expert, prediction: out[0]! };
};

const repeated = (count: number, value: number, weight = 1): Target[] =>
  Array.from({ length: count }, () => ({ label: 0, value, weight }));

describe('NetExpert', () => {
  it('weighs a sample by its weight: none moves nothing', () => {
    const fresh = taught({}, []).prediction;
    expect(taught({}, repeated(20, 1, 0)).prediction).toBe(fresh);
    expect(taught({}, repeated(20, 1, 1)).prediction).toBeGreaterThan(fresh + 0.05);
  });

  it('lies nearer to the targets of the heavier samples', () => {
    const mixed = (weight: number): Target[] =>
      Array.from({ length: 300 }, () => [...repeated(1, 0), ...repeated(1, 1, weight)]).flat();
    expect(taught({}, mixed(3)).prediction).toBeGreaterThan(taught({}, mixed(1)).prediction + 0.1);
  });

  it('learns samples again if it replays: `replays` times, drawn by its seed', () => {
    const targets = repeated(3, 1);
    const [without, eager] = [taught({}, targets), taught({ replays: 3 }, targets)];
    expect(eager.prediction).toBeGreaterThan(without.prediction);
    const memory = eager.expert.save();
    expect(memory['random']).not.toEqual(without.expert.save()['random']);
    expect(memory['replay']).toMatchObject({ count: 3 });
  });

  it('follows the latest targets where it sees them', () => {
    const inputs = new PoolInputs(sizes);
    const expert = new NetExpert({ ...options, seesRecent: true }, sizes);
    const out = new Float64Array(1);
    for (let i = 0; i < 2_000; i += 1) {
      const value = i % 2 === 0 ? 1 : -1;
      expert.learn(inputs, { label: 0, value, weight: 1 }, out);
      inputs.update(value);
    }
    // After −1 comes 1.
    expert.predict(inputs, out);
    expect(out[0]).toBeGreaterThan(0.7);
  });
});
