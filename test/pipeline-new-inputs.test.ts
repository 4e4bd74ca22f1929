import { from, Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { scaler } from '../src/encode/standardise.ts';
import { LastGood } from '../src/learn/last-good.ts';
import type { Learner } from '../src/learn/learner.ts';
import { pool } from '../src/learn/pool/pool.ts';
import { singleNetwork } from '../src/learn/single-network.ts';
import { Pipeline, type PipelineOptions } from '../src/pipeline.ts';
import type { Example } from '../src/sources/example.ts';
import type { StreamEvent } from '../src/stream/event.ts';
import { digest } from './learn/digest.ts';

const size = { inputCount: 1, outputCount: 1 } as const;

/** Ordinary examples of four inputs; in the middle of them a flood of new names and categories. */
const flood = (): Example[] =>
  Array.from({ length: 400 }, (_, i) => ({
    features: {
      a: (i * 7) % 11,
      b: i % 5,
      room: i % 2 === 0 ? 'hall' : 'attic',
      ...(i >= 50 && i < 350 && { [`f${i}`]: i, room: `r${Math.floor(i / 4)}` }),
    },
    target: (i * 7) % 11 > 5 ? 'high' : 'low',
  }));

const made = (options: Partial<PipelineOptions> = {}): Pipeline =>
  new Pipeline({
    task: 'classification',
    learner: pool({ task: 'classification', ...size }),
    newInputs: { freeSamples: 20, trialSamples: 30, samplesPerSlot: 10, slotsAtOnce: 4 },
    ...options,
  });

const learnInBurst = (pipeline: Pipeline, examples: readonly Example[]): Pipeline => {
  pipeline.run(from(examples)).subscribe();
  return pipeline;
};

const learnOneByOne = (pipeline: Pipeline, examples: readonly Example[]): Pipeline => {
  const source = new Subject<Example>();
  const subscription = pipeline.run(source).subscribe();
  for (const example of examples) source.next(example);
  subscription.unsubscribe();
  return pipeline;
};

const bitsOf = (pipeline: Pipeline): string => {
  const { encoder, learner, scaling } = pipeline.save();
  return digest({ encoder: encoder!, learner: learner!, scaling: scaling! });
};

describe('a flood of new inputs', () => {
  it('ends in the same bits in bursts, one by one, and after a restart in the middle', () => {
    const whole = learnInBurst(made(), flood());
    expect(whole.recycled).toBeGreaterThan(1);
    expect(bitsOf(learnOneByOne(made(), flood()))).toBe(bitsOf(whole));
    const half = learnInBurst(made(), flood().slice(0, 200));
    const resumed = made();
    resumed.load(half.save());
    expect(bitsOf(learnInBurst(resumed, flood().slice(200)))).toBe(bitsOf(whole));
  });

  it.each([
    ['a pool', () => pool({ task: 'classification', ...size })],
    ['a network', () => singleNetwork({ task: 'classification', ...size })],
  ] as const)(
    'leaves %s with few inputs, and all that it has learned of the others',
    (_name, learner) => {
      const pipeline = learnInBurst(made({ learner: learner() }), flood());
      // One in ten samples at most, and four at once.
      expect(pipeline.slots.length).toBeLessThan(4 + 4 + 40);
      expect(pipeline.rejected).toBe(0);
      const { slots } = pipeline;
      const kept = slots.filter(({ feature }) => feature === 'a' || feature === 'b');
      expect(kept).toHaveLength(2);
    },
  );

  it('makes statistics of a scaler before the learner fresh as well', () => {
    const scaling = scaler();
    const pipeline = learnInBurst(made({ scaling }), flood());
    expect(pipeline.recycled).toBeGreaterThan(1);
    const { counts } = pipeline.save()['scaling'] as unknown as { counts: Float64Array };
    expect(counts[0]).toBe(400);
    expect(Math.min(...counts)).toBeLessThan(200);
  });

  it('gives no slot to another input where the learner cannot forget', () => {
    const learner = pool({ task: 'classification', ...size });
    Object.defineProperty(learner, 'forget', { value: undefined });
    const pipeline = learnInBurst(made({ learner }), flood());
    expect([pipeline.recycled, pipeline.rejected]).toEqual([0, 0]);
    expect(pipeline.slots.length).toBeLessThan(4 + 4 + 40);
  });

  it('is reported once, with counts and examples', () => {
    const events: StreamEvent[] = [];
    const audience = {
      publish() {},
      event: (event: StreamEvent) => events.push(event),
      reject() {},
    };
    const pipeline = made({ audience });
    learnInBurst(pipeline, flood());
    const told = events.filter(({ kind }) => kind === 'overload');
    expect(told).toHaveLength(1);
    expect(told[0]!.message).toMatch(/new values left out|replaced by new ones/);
    expect(told[0]!.detail).toMatchObject({ examples: expect.arrayContaining([]) as unknown });
  });
});

describe('a rollback after inputs were forgotten', () => {
  it('forgets them once more, since the copy is older', () => {
    const calls: string[] = [];
    const learner: Learner = {
      inputCount: 4,
      outputCount: 1,
      predict: () => new Float64Array(1),
      learn: () => 0,
      save: () => ({ weights: new Float64Array(1) }),
      load: () => calls.push('load'),
      forget: (inputs) => calls.push(`forget ${inputs.join()}`),
    };
    const lastGood = new LastGood(learner, 3);
    lastGood.forget([2]);
    lastGood.forget([0, 2]);
    lastGood.restore();
    expect(calls).toEqual(['load', 'forget 2,0']);
    for (let i = 0; i < 3; i += 1) lastGood.count();
    lastGood.restore();
    expect(calls).toEqual(['load', 'forget 2,0', 'load']);
  });
});
