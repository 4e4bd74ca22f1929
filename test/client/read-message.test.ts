import { readFileSync } from 'node:fs';
import { Compile } from 'typebox/compile';
import { describe, expect, it } from 'vitest';
import { serverMessages } from '../../src/broadcast/server-messages.ts';
import { ProtocolError, readMessage } from '../../src/client/read-message.ts';
import { serverExamples } from './server-examples.ts';

const schemas = Object.fromEntries(
  Object.entries(serverMessages).map(([t, schema]) => [t, Compile(schema)]),
);

/** What is wrong with a message; undefined: nothing. */
const fault = (message: unknown): string | undefined => {
  try {
    readMessage(typeof message === 'string' ? message : JSON.stringify(message));
    return undefined;
  } catch (error) {
    if (error instanceof ProtocolError) return error.message;
    throw error;
  }
};

const odd = [null, true, 'text', 7, -1, 0.5, [], {}, [null], [[1, 2]], { a: 'b' }] as const;

/** Each copy of a value in which one part is another or missing, with what it was and is. */
function* changes(value: unknown): Generator<{ changed: unknown; from: unknown; to: unknown }> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, part] of Object.entries(value)) {
    const withPart = (to: unknown): unknown =>
      Array.isArray(value)
        ? value.map((element, i) => (String(i) === key ? to : element))
        : { ...value, [key]: to };
    for (const to of odd) yield { changed: withPart(to), from: part, to };
    if (!Array.isArray(value)) yield { changed: withPart(undefined), from: part, to: undefined };
    for (const { changed, from, to } of changes(part))
      yield { changed: withPart(changed), from, to };
  }
}

describe('a message of a server', () => {
  it.each(serverExamples)('is accepted if it is one: %s', (text) => {
    expect(fault(text)).toBeUndefined();
    expect(fault({ ...(JSON.parse(text) as object), unknown: { field: 1 } })).toBeUndefined();
  });

  it('is refused exactly where the schema refuses the type of a field', () => {
    let count = 0;
    for (const text of serverExamples) {
      for (const { changed, from, to } of changes(JSON.parse(text))) {
        const message = JSON.parse(JSON.stringify(changed)) as { t: string };
        const schema = schemas[message.t];
        if (!schema) continue;
        const found = fault(message);
        const isValid = schema.Check(message);
        // Other names of kinds and codes may come from a newer server.
        const isOtherName = typeof from === 'string' && typeof to === 'string';
        const isOtherNumber = typeof from === 'number' && typeof to === 'number';
        const isLayout = found?.includes('do not add up');
        const shown = `${JSON.stringify(message)}: ${found}`;
        if (isValid && !isLayout) expect(found, shown).toBeUndefined();
        if (!isValid && !isOtherName && !isOtherNumber) expect(found, shown).toBeDefined();
        count += 1;
      }
    }
    expect(count).toBeGreaterThan(1_000);
  });

  it.each([
    ['{"t":"welcome","v":1}', 'welcome.epoch is missing or malformed'],
    [JSON.stringify({ t: 'err', code: 'busy', message: 7 }), 'err.message is missing or malformed'],
    [
      '{"t":"err","code":"busy","message":"","retryMs":1e999}',
      'err.retryMs is missing or malformed',
    ],
    [`{"t":"events","message":"${'x'.repeat(300_000)}"}`, 'an entry of events is too large'],
    [`"${'x'.repeat(2 ** 26)}"`, 'a message is too large'],
    ['{', 'a message is not JSON'],
    ['[]', 'a message has no kind'],
    ['{"t":7}', 'a message has no kind'],
    [
      JSON.stringify({
        t: 'history',
        sid: 1,
        points: Array(10_001).fill([1, 1, 1, 1]),
        last: true,
      }),
      'history has more than 10000 points',
    ],
  ])('names what is wrong: %#', (text, message) => {
    expect(fault(text)).toBe(message);
  });

  it('of a kind that is not known is ignored: it may come from a newer server', () => {
    expect(readMessage('{"t":"telegram"}')).toBeUndefined();
    expect(readMessage('{"t":"__proto__"}')).toBeUndefined();
    expect(readMessage('{"t":"constructor"}')).toBeUndefined();
  });

  it('with tensors that are not laid out one after another is refused', () => {
    const welcome = JSON.parse(serverExamples[0]!) as { model: { params: number } };
    const text = JSON.stringify({ ...welcome, model: { ...welcome.model, params: 1e9 } });
    expect(fault(text)).toBe('welcome.model.tensors do not add up to the parameters');
  });
});

it('the examples are all of the page', () => {
  const page = readFileSync(new URL('../../PROTOCOL.md', import.meta.url), 'utf8');
  expect(serverExamples.length).toBe(page.split('```json server').length - 1);
  expect(serverExamples.length).toBeGreaterThan(14);
});
