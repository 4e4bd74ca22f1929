import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { restored, tryOut } from '../../src/node/training/restored.ts';
import { checkpointFormat, decodeCheckpoint } from '../../src/snapshot/checkpoint.ts';
import { decodeSafetensors } from '../../src/snapshot/safetensors.ts';
import {
  behaviourOf,
  type CheckpointBehaviour,
  checkpointCases,
} from '../golden/checkpoint-cases.ts';

const folder = join(import.meta.dirname, '../golden/checkpoints');
const behaviours: Record<string, CheckpointBehaviour> = JSON.parse(
  readFileSync(join(folder, 'behaviours.json'), 'utf8'),
);

describe.each(checkpointCases)('the checkpoint of a $name that an earlier version wrote', (one) => {
  const file = gunzipSync(readFileSync(join(folder, `${one.name}.safetensors.gz`)));

  test('is resumed: it predicts and learns to the bit as it did then', async () => {
    const checkpoint = decodeCheckpoint(file);
    expect(checkpoint).toMatchObject({ producers: new Map([['p', 7]]), isFinal: true });
    const behaviour = await behaviourOf(restored(checkpoint).pipeline, one.task);
    expect(behaviour).toEqual(behaviours[one.name]);
    expect(() => tryOut(checkpoint)).not.toThrow();
  });

  test('states its format and what its model is', () => {
    const { metadata } = decodeSafetensors(file);
    expect(metadata['format']).toBe(checkpointFormat);
    expect(decodeCheckpoint(file).model).toMatchObject({
      ...{ learner: one.learner, task: one.task, seed: 1 },
      composition: expect.stringMatching(/^(pool of|network with) /),
    });
  });
});
