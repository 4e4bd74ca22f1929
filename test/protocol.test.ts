import { readFileSync } from 'node:fs';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { describe, expect, test } from 'vitest';
import { closeCodes } from '../src/broadcast/close-codes.ts';
import { crc32 } from '../src/broadcast/crc32.ts';
import { epochFrom } from '../src/broadcast/epoch.ts';
import { decodeFrame, encodeHeader } from '../src/broadcast/frame.ts';
import { defaultLimits } from '../src/broadcast/limits.ts';
import { applyQ8 } from '../src/broadcast/quantize.ts';
import { requestKinds } from '../src/broadcast/request-table.ts';
import { ErrorCode, serverMessages } from '../src/broadcast/server-messages.ts';
import { capabilities } from '../src/broadcast/session.ts';
import { standardMetrics } from '../src/evaluate/standard-metrics.ts';

const page = readFileSync(new URL('../PROTOCOL.md', import.meta.url), 'utf8');

const blocks = (language: string): string[] =>
  [...page.matchAll(/^```(.+)\n([^`]*)^```$/gm)]
    .filter(([, found]) => found === language)
    .map(([, , text]) => text!.trim());

const check = (schemas: Readonly<Record<string, TSchema>>, text: string): void => {
  const message = JSON.parse(text) as { t: string };
  const schema = schemas[message.t];
  expect(schema, `a schema for ${message.t}`).toBeDefined();
  expect([...Compile(schema!).Errors(message)], text).toEqual([]);
};

const schemas = Object.fromEntries(
  Object.entries(requestKinds).map(([t, { schema }]) => [t, schema]),
);

const shown = (language: string): Set<string> =>
  new Set(blocks(language).map((text) => (JSON.parse(text) as { t: string }).t));

describe('PROTOCOL.md', () => {
  test.each(blocks('json client'))('the schemas know what a client sends: %s', (text) => {
    check(schemas, text);
  });

  test.each(blocks('json server'))('the schemas know what a server sends: %s', (text) => {
    check(serverMessages, text);
  });

  test('shows every message', () => {
    expect(shown('json client')).toEqual(new Set(Object.keys(requestKinds)));
    expect(shown('json server')).toEqual(new Set(Object.keys(serverMessages)));
  });

  test('names every close code and every error code', () => {
    for (const code of Object.values(closeCodes)) expect(page).toContain(String(code));
    for (const code of ErrorCode.enum) expect(page).toContain(`| \`${code}\` |`);
  });

  test('names every measure that rivulet serve shows, and every capability', () => {
    for (const task of ['classification', 'regression'] as const) {
      const names = Object.keys(standardMetrics(task)).filter(
        (name) => !/windowed|fading/.test(name),
      );
      expect(names.length).toBeGreaterThan(2);
      for (const name of names) expect(page).toContain(`\`${name}\``);
    }
    const welcome = JSON.parse(blocks('json server')[0]!) as { caps: string[] };
    expect(welcome.caps).toEqual(capabilities);
    for (const capability of capabilities) expect(page).toContain(`\`${capability}\``);
  });

  test('names the epoch tag that belongs to the epoch', () => {
    const { tag } = epochFrom('01K9Z4T7R2M8W5QDN3XHVB6CJE', 0);
    expect(page).toContain(`"epochTag":"${tag}"`);
  });

  test('its frames decode to what it says, and are what the codec writes', () => {
    const [key, delta] = blocks('hex').map((text) => {
      const bytes = Uint8Array.from(Buffer.from(text.replace(/\s/g, ''), 'hex'));
      const frame = decodeFrame(bytes);
      expect(encodeHeader(frame, frame.sid, frame.prev)).toEqual(bytes.slice(0, 64));
      expect(crc32(frame.payload)).toBe(frame.crc);
      return frame;
    });
    expect(key).toMatchObject({ kind: 1, sid: 7, seq: 1000, prev: 0, step: 123456, params: 4 });
    expect(key!.at).toBe(1763820000000.5);
    const parameters = new Float32Array(key!.payload.slice().buffer);
    expect([...parameters]).toEqual([0.5, -1, 0.25, 0]);
    expect(delta).toMatchObject({ kind: 2, dtype: 2, seq: 1002, prev: 1000, step: 123999 });
    applyQ8(parameters, delta!.payload, [3, 1]);
    expect(Buffer.from(parameters.buffer).toString('hex')).toBe('9a99193fcdcc8cbf0000803e0ad7233c');
  });

  test('its limits are the defaults', () => {
    const { connections, connectionsPerAddress, subscriptions, messagesPerSecond } = defaultLimits;
    expect([connections, connectionsPerAddress]).toEqual([5_000, 64]);
    expect([subscriptions, messagesPerSecond]).toEqual([32, 2_000]);
    expect(page).toContain('| 5,000; 64 |');
    expect(page).toContain('| subscriptions | 32 |');
    expect(page).toContain('| messages a second | 2,000 |');
    const rows: [string, string][] = [
      ['headers of a request', `${defaultLimits.headersMs / 1000} s`],
      ['pause in a body; a body that is read as a whole', `${defaultLimits.bodyMs / 1000} s`],
      ['pause in reading an HTTP answer', `${defaultLimits.answerMs / 1000} s`],
      [
        'requests over one HTTP connection; pipelined',
        `${defaultLimits.requestsPerConnection.toLocaleString('en')}; ${defaultLimits.requestsPipelined}`,
      ],
      [
        'TCP connections from one address (loopback is exempt)',
        String(defaultLimits.socketsPerAddress),
      ],
      [
        'HTTP requests; upgrades; a second, from one address without a valid token (loopback is exempt)',
        `${defaultLimits.requestsPerSecond}; ${defaultLimits.upgradesPerSecond}`,
      ],
    ];
    for (const [what, value] of rows) expect(page).toContain(`| ${what} | ${value} |`);
  });
});
