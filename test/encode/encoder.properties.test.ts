import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type EncoderMemory, encoder, slotNames } from '../../src/encode/encoder.ts';
import type { Example } from '../../src/sources/example.ts';
import type { Sample } from '../../src/sources/sample.ts';
import { SampleError } from '../../src/stream/rejection.ts';

const limits = { slotsMax: 64, valuesMax: 4, hashSlots: 4, classesMax: 5 } as const;

/** What JSON.parse can give, with names that make trouble. */
const names = fc.oneof(
  fc.constantFrom('__proto__', 'constructor', 'a', 'b', '', '0', 'a.b', 'toString'),
  fc.string({ maxLength: 5 }),
);
const values = fc.oneof(
  { depthSize: 'small' },
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom(1e300, -1e300, '2024-01-01', '2024-01-01T10:00:00Z', 'x', ''),
  fc.date({ noInvalidDate: false }),
);
const records = fc
  .array(fc.tuple(names, values), { maxLength: 8 })
  .map((entries) => Object.fromEntries(entries));
const targets = fc.oneof(fc.constantFrom('a', 'b', 1, true, null), fc.string({ maxLength: 2 }));
const examples = fc.record({ features: records, target: targets }) as fc.Arbitrary<Example>;

const part = encoder({ task: 'classification', ...limits });

const encoded = (memory: EncoderMemory, example: Example): Sample | SampleError => {
  try {
    return part.update(memory, example);
  } catch (error) {
    if (error instanceof SampleError) return error;
    throw error;
  }
};

/** NaN means missing, which only a number can be, or the hand of a clock. */
const isWell = (memory: EncoderMemory, { x }: Sample): boolean =>
  Array.from(x).every((value, i) => {
    if (!Number.isNaN(value)) return Number.isFinite(value);
    return ['number', 'cycle'].includes(memory.slots[i]!.kind);
  });

test('any record is encoded or refused; nothing is NaN but what is missing', () => {
  fc.assert(
    fc.property(fc.array(examples), (stream) => {
      const memory = part.initial();
      for (const example of stream) {
        const before = structuredClone(memory);
        const sample = encoded(memory, example);
        if (sample instanceof SampleError) expect(memory).toEqual(before);
        else {
          expect(sample.x).toHaveLength(memory.slots.length);
          expect(isWell(memory, sample)).toBe(true);
        }
      }
    }),
  );
});

test('slots keep their places, have names of their own, and stay within the limits', () => {
  fc.assert(
    fc.property(fc.array(examples), (stream) => {
      const memory = part.initial();
      let known: string[] = [];
      for (const example of stream) {
        encoded(memory, example);
        const now = slotNames(memory);
        expect(now.slice(0, known.length)).toEqual(known);
        known = now;
      }
      expect(memory.slots.length).toBeLessThanOrEqual(limits.slotsMax);
      expect(memory.classes.length).toBeLessThanOrEqual(limits.classesMax);
      expect(new Set(memory.slots.map((slot) => JSON.stringify(slot))).size).toBe(known.length);
    }),
  );
});

test('what was encoded once is encoded the same ever after, up to new slots', () => {
  fc.assert(
    fc.property(examples, fc.array(examples), (first, others) => {
      const memory = part.initial();
      const sample = encoded(memory, first);
      if (sample instanceof SampleError) return;
      const before = Array.from(sample.x);
      for (const example of others) encoded(memory, example);
      const again = part.apply(memory, first);
      expect(Array.from(again.x).slice(0, before.length)).toEqual(before);
    }),
  );
});

test('asking changes nothing, and knows all that was learned', () => {
  fc.assert(
    fc.property(fc.array(examples, { minLength: 1 }), (stream) => {
      const memory = part.initial();
      for (const example of stream) {
        const sample = encoded(memory, example);
        if (sample instanceof SampleError) continue;
        const before = structuredClone(memory);
        const { classCount, ...asked } = part.apply(memory, example);
        expect({ ...sample, ...asked }).toEqual(sample);
        expect(classCount).toBe(memory.classes.length);
        expect(memory).toEqual(before);
      }
    }),
  );
});

test('a memory from a saved text resumes as the memory does', () => {
  fc.assert(
    fc.property(fc.array(examples), fc.array(examples), (before, after) => {
      const memory = part.initial();
      for (const example of before) encoded(memory, example);
      const saved = JSON.parse(JSON.stringify(memory)) as EncoderMemory;
      for (const example of after)
        expect(encoded(saved, example)).toEqual(encoded(memory, example));
      expect(saved).toEqual(memory);
    }),
  );
});

test('10,000 distinct names and 10,000 distinct texts stay within the defaults', () => {
  const whole = encoder({ newInputs: { freeSlots: 16_384 } });
  const memory = whole.initial();
  for (let i = 0; i < 100; i += 1) {
    const entries = Array.from({ length: 100 }, (_, j) => {
      const each = 100 * i + j;
      return [[`name ${each}`, each] as const, [`text ${j}`, `value ${each}`] as const];
    });
    whole.update(memory, { features: Object.fromEntries(entries.flat()) });
  }
  expect(memory.slots).toHaveLength(16_384);
  const { x } = whole.apply(memory, { features: { 'name 0': 5, 'never seen': 1 } });
  expect(
    Array.from(x)
      .filter((value) => value > 0)
      .sort((a, b) => a - b),
  ).toEqual([1, 5]);
});
