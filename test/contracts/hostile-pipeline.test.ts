import { from, lastValueFrom } from 'rxjs';
import { expect, test } from 'vitest';
import { fadingMeans } from '../../src/encode/fading-means.ts';
import { lags } from '../../src/encode/lags.ts';
import { movingMeans } from '../../src/encode/moving-means.ts';
import { perGroup } from '../../src/encode/per-group.ts';
import { singleNetwork } from '../../src/learn/single-network.ts';
import { Pipeline, type Preparation } from '../../src/pipeline.ts';
import type { Example } from '../../src/sources/example.ts';
import type { Rejection } from '../../src/stream/rejection.ts';
import { hostileValues } from './hostile/values.ts';

const preparations: Record<string, Preparation | undefined> = {
  none: undefined,
  lags: lags({ of: ['a', 'target', '__proto__'], last: 2 }) as unknown as Preparation,
  'moving means': movingMeans({ of: ['a', ''], last: 3 }) as unknown as Preparation,
  'fading means': fadingMeans({ of: ['a', 'target'], halfLife: 5 }) as unknown as Preparation,
  'lags per group': perGroup(lags({ of: 'a' }), { by: 'constructor' }) as unknown as Preparation,
};

test.each(Object.entries(preparations))(
  'a pipeline with preparation %s learns every good example among hostile values',
  async (_name, preparation) => {
    const { values, count } = hostileValues(300);
    const rejections: Rejection[] = [];
    const pipeline = new Pipeline({
      ...{ task: 'classification', slotsMax: 200, valuesMax: 10, hashSlots: 8, classesMax: 20 },
      learner: singleNetwork({ task: 'classification', inputCount: 1, outputCount: 2 }),
      audience: { publish() {}, event() {}, reject: (rejection) => rejections.push(rejection) },
      ...(preparation && { preparation }),
    });
    const last = await lastValueFrom(pipeline.run(from(values as Example[])));
    expect(pipeline.step).toBeGreaterThanOrEqual(count);
    expect(last.step).toBe(pipeline.step);
    // Those without a target are predicted.
    expect(pipeline.step + rejections.length).toBeLessThanOrEqual(values.length);
    for (const { reason } of rejections) expect(reason).not.toBe('');
    JSON.stringify([last.predictions, rejections]);
  },
);
