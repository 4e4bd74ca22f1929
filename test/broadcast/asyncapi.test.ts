import specs from '@asyncapi/specs';
import Schema from 'typebox/schema';
import { describe, expect, test } from 'vitest';
import { asyncApi } from '../../src/broadcast/asyncapi.ts';
import { requestKinds } from '../../src/broadcast/request-table.ts';
import { serverMessages } from '../../src/broadcast/server-messages.ts';

/** As the JSON that it becomes. */
const document = () => JSON.parse(JSON.stringify(asyncApi('127.0.0.1:8080')));

const official = Schema.Compile(specs.schemasWithoutId['3.1.0'] as object);

/** Every `$ref` below a value. */
const references = (value: unknown): string[] => {
  if (typeof value !== 'object' || value === null) return [];
  const own = '$ref' in value && typeof value.$ref === 'string' ? [value.$ref] : [];
  return [...own, ...Object.values(value).flatMap(references)];
};

const resolve = (root: unknown, reference: string): unknown =>
  reference
    .replace('#/', '')
    .split('/')
    .reduce((at, key) => (at as Record<string, unknown> | undefined)?.[key], root);

describe('the AsyncAPI document', () => {
  test('is one by the schema of AsyncAPI 3.1.0', () => {
    expect(official.Errors(document())[1]).toEqual([]);
    const wrong = document();
    delete wrong.servers.this.host;
    expect(official.Check(wrong)).toBe(false);
  });

  test('refers to nothing that is not there', () => {
    const found = references(document());
    expect(found.length).toBeGreaterThan(20);
    for (const reference of found) expect(resolve(document(), reference), reference).toBeDefined();
  });

  test('has every message, each in an operation', () => {
    const { channels, operations } = document();
    const { messages } = channels.stream;
    const known = [...Object.keys(requestKinds).map((t) => `client.${t}`)];
    expect(Object.keys(messages).sort()).toEqual(
      [...known, ...Object.keys(serverMessages), 'frame'].sort(),
    );
    const used = new Set(references(operations).map((reference) => reference.split('/').at(-1)));
    expect(Object.keys(messages).filter((name) => !used.has(name))).toEqual([]);
  });
});
