import { expect, test } from 'vitest';
import { RecordTemplates } from '../../../../src/node/sources/mqtt/intake.ts';

const take = (templates: RecordTemplates, topic: string, text: string): boolean => {
  const payload = Buffer.from(text);
  const isAlike = templates.read(topic, payload) !== undefined;
  if (!isAlike) templates.learn(topic, payload);
  return isAlike;
};

test('a topic whose records change gets another template, apart from other topics', () => {
  const templates = new RecordTemplates({});
  expect(take(templates, 'a', '{"x":1}')).toBe(false);
  expect(take(templates, 'a', '{"x":2.5}')).toBe(true);
  expect(take(templates, 'b', '{"x":3}')).toBe(false);
  for (let k = 0; k < 8; k += 1) expect(take(templates, 'a', `{"y":${k}}`)).toBe(false);
  expect(take(templates, 'a', '{"y":8}')).toBe(true);
  expect(templates.read('b', Buffer.from('{"x":-4}'))).toEqual({ features: { x: -4 } });
});

test('where three kinds of records take turns, one of them keeps its template', () => {
  const templates = new RecordTemplates({});
  const alike = Array.from({ length: 60 }, (_, k) =>
    take(templates, 'a', `{"${'xyz'[k % 3]}":${k}}`),
  );
  expect(alike.slice(30).filter(Boolean)).toHaveLength(10);
});

test('of more topics than 1,000 the first keep their templates', () => {
  const templates = new RecordTemplates({});
  for (let k = 0; k <= 1_000; k += 1) take(templates, `t${k}`, '{"x":1}');
  expect(take(templates, 't999', '{"x":2}')).toBe(true);
  expect(take(templates, 't1000', '{"x":2}')).toBe(false);
});

test('a long record is no template', () => {
  const templates = new RecordTemplates({});
  const long = `{"${'x'.repeat(4_091)}":1}`;
  for (let k = 0; k < 2; k += 1) expect(take(templates, 'a', long)).toBe(false);
  expect(take(templates, 'a', long.replace('xx', 'x'))).toBe(false);
  expect(take(templates, 'a', long.replace('xx', 'x'))).toBe(true);
});
