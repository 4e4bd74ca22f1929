import fc from 'fast-check';
import { Compile } from 'typebox/compile';
import { describe, expect, test } from 'vitest';
import { FedSample } from '../../src/broadcast/client-messages.ts';
import { InvalidSample, readFedSample } from '../../src/broadcast/fed-sample.ts';
import { defaultLimits } from '../../src/broadcast/limits.ts';
import { eventually } from '../eventually.ts';
import { badSamples } from './bad-samples.ts';
import { stage } from './pretend.ts';
import { ToyModel } from './toy-model.ts';

const good = '{"x":[0,1],"y":[1]}';

describe('a bad sample in a feed message', () => {
  test.each(badSamples)('is rejected and the others are learned: %s', async (bad, code, reason) => {
    const model = new ToyModel();
    const { peer, session } = stage({ model }).join();
    session.receive(`{"t":"feed","id":1,"samples":[${good},${bad},${good}]}`);
    await eventually(() => expect(peer.last('fed')).toBeDefined());
    const message = expect.stringMatching(reason) as string;
    expect(peer.last('fed')!.rejected).toEqual([{ i: 1, code, message }]);
    expect(model.step).toBe(2);
    expect(peer.closed).toBeUndefined();
  });

  test('counts as done for its producer', async () => {
    const model = new ToyModel();
    const { peer, session } = stage({ model }).join();
    session.receive(
      `{"t":"feed","id":1,"producer":"p","first":1,"samples":[null,${good},{"x":1}]}`,
    );
    await eventually(() => expect(peer.last('fed')).toMatchObject({ id: 1, upTo: 3 }));
    expect(peer.last('fed')!.rejected.map(({ i }) => i)).toEqual([0, 2]);
    expect(model.producers.get('p')).toBe(3);
  });

  test('has its position among all that were fed, in every batch', async () => {
    const model = new ToyModel();
    const { join, pass } = stage({ model });
    const { peer, session, say } = join();
    say({ t: 'sub', id: 1, topic: 'errors' });
    const numbered = (first: number) => `"producer":"p","first":${first},`;
    const batches = [
      ['', [good, 'null', good]],
      [numbered(1), ['{"x":1,"id":"a"}', good, '{"target":3}']],
      // Two of these have come before: they are not counted again.
      [numbered(2), [good, '7', good, '8']],
      ['', ['9', good]],
    ] as const;
    for (const [id, [numbering, samples]] of batches.entries()) {
      session.receive(`{"t":"feed","id":${id},${numbering}"samples":[${samples.join(',')}]}`);
      await eventually(() => expect(peer.last('fed')?.id).toBe(id), { interval: 1 });
    }
    pass(50);
    expect(peer.all('errors').map(({ index, id }) => [index, id])).toEqual([
      [1, undefined],
      [3, 'a'],
      [5, undefined],
      [7, undefined],
      [8, undefined],
    ]);
    expect(model.fed.map(({ index }) => index)).toEqual([0, 2, 4, 6, 9]);
  });

  test('is not looked at where there are too many of them', async () => {
    const { peer, session } = stage({ model: new ToyModel() }).join();
    session.receive(`{"t":"feed","id":1,"samples":[${'1,'.repeat(400_000)}1]}`);
    await eventually(() => expect(peer.last('err')).toMatchObject({ id: 1, code: 'limit' }));
  });
});

test.each(['{"t":"feed","id":1,"samples":{}}', '{"t":"feed","id":1,"samples":[]}', '{"t":"feed"}'])(
  'a feed message that is malformed itself is a protocol error: %s',
  (message) => {
    const { peer, session } = stage({ model: new ToyModel() }).join();
    session.receive(message);
    expect(peer.closed?.code).toBe(4400);
  },
);

test('a sample with too many values is rejected, and a row of a prediction is refused', async () => {
  const limits = { sampleDepth: 2, sampleValues: 3 };
  expect(readFedSample({ features: { a: 1, b: [1] }, target: 1 }, limits)).toHaveProperty('target');
  const wide = { a: 1, b: [1, 2] };
  const read = readFedSample({ features: wide, target: 1 }, limits) as InvalidSample;
  expect([read.code, read.reason]).toEqual(['shape', 'features: more than 3 values']);
  const deep = JSON.parse(`{"u":${'['.repeat(1e5)}${']'.repeat(1e5)}}`) as object;
  const tooDeep = readFedSample({ features: deep, target: 1 }, defaultLimits) as InvalidSample;
  expect([tooDeep.code, tooDeep.reason]).toEqual([
    'shape',
    'features: nested deeper than 32 levels',
  ]);
  const { peer, session } = stage({ model: new ToyModel(), limits }).join();
  session.receive(JSON.stringify({ t: 'predict', id: 1, features: [{ a: 1 }, wide] }));
  const message = 'row 1: features: more than 3 values';
  await eventually(() => expect(peer.last('err')).toMatchObject({ id: 1, code: 'shape', message }));
});

test('a value is a sample exactly when the schema says so, and never throws', () => {
  const schema = Compile(FedSample);
  const number = fc.oneof(fc.double(), fc.constantFrom(Infinity, -Infinity));
  const odd = fc.oneof(fc.anything({ maxDepth: 2 }), fc.string(), number, fc.array(number));
  const field = (usual: fc.Arbitrary<unknown>) => fc.oneof({ weight: 3, arbitrary: usual }, odd);
  const samples = fc.record(
    {
      x: field(fc.array(fc.option(fc.double()))),
      y: field(fc.array(fc.double())),
      features: field(fc.dictionary(fc.string(), fc.anything())),
      target: field(fc.string()),
      id: field(fc.string()),
      time: field(fc.double()),
      weight: field(fc.double()),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.oneof(samples, odd), (value) => {
      const read = readFedSample(value, defaultLimits);
      expect(read instanceof InvalidSample).toBe(!schema.Check(value));
      if (read instanceof InvalidSample) expect(read.reason.length).toBeLessThan(200);
    }),
  );
});
