import { describe, expect, test } from 'vitest';
import { encoder } from '../../src/encode/encoder.ts';
import type { Example } from '../../src/sources/example.ts';
import { encodeAll } from './encode-all.ts';
import { refusal } from './refusal.ts';

describe('a bad record', () => {
  const deep = { a: { b: { c: { d: { e: 1 } } } } };
  test.each<[string, unknown]>([
    ['NaN', Number.NaN],
    ['infinite', Number.NEGATIVE_INFINITY],
    ['a function', () => 1],
    ['a symbol', Symbol('x')],
    ['an invalid Date', new Date(Number.NaN)],
    ['a number beyond all', 10n ** 400n],
    ['nested too deeply', deep],
  ])('(%s) is refused by the name of the feature, and changes nothing', (_name, bad) => {
    const part = encoder({ task: 'classification' });
    const memory = part.initial();
    part.update(memory, { features: { first: 1 }, target: 'a' });
    const before = structuredClone(memory);
    const features = { fresh: 1, bad, text: 'x' };
    const error = refusal(() => part.update(memory, { features, target: 'b' }));
    expect(error.code).toBe('value');
    expect(error.message).toContain('"bad');
    expect(memory).toEqual(before);
  });

  test('is one whose features are no record', () => {
    const part = encoder();
    const example = { features: null } as unknown as Example;
    expect(refusal(() => part.update(part.initial(), example)).code).toBe('shape');
  });

  test('is one with a name that is too long to keep', () => {
    expect(refusal(() => encodeAll([{ ['x'.repeat(257)]: 1 }])).code).toBe('value');
  });

  test('is one with a weight that is no weight', () => {
    const part = encoder();
    const example = { features: {}, weight: -1 };
    expect(refusal(() => part.update(part.initial(), example)).code).toBe('value');
  });
});
