import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { FedRows } from '../../../../src/node/cli/reports/fed-rows.ts';
import { FeedStatus } from '../../../../src/node/cli/reports/feed-status.ts';

const url = 'http://there:1';

const status = (isTTY: boolean) => {
  const output = new PassThrough() as unknown as NodeJS.WriteStream;
  Object.assign(output, { isTTY, columns: 100, rows: 20 });
  const rows = { result: { fed: 3, rejected: 0, forgotten: 0, step: 7 }, bytes: { read: 0 } };
  const shown = new FeedStatus(rows as FedRows, url, output);
  const said = (): string[] => {
    const text = stripVTControlCharacters(String((output as unknown as PassThrough).read() ?? ''));
    return text.split('\n').filter(Boolean);
  };
  return { shown, said };
};

const away = { phase: 'reconnecting', reason: 'the connection was lost', retryMs: 500 } as const;
const live = { phase: 'live', reason: 'connected' } as const;

test('without a terminal a line is written when rows begin to wait, and each reason once', () => {
  const { shown, said } = status(false);
  shown.changed({ phase: 'connecting', reason: 'connecting' });
  shown.changed(live);
  shown.arrived();
  expect(said()).toEqual([]);
  for (let i = 0; i < 3; i += 1) shown.waiting('the queue is full');
  shown.arrived();
  shown.waiting('the queue is full');
  for (let i = 0; i < 3; i += 1) shown.changed(away);
  shown.changed(live);
  shown.waiting('the queue is full');
  shown.forgot(1_234);
  expect(said()).toEqual([
    `rivulet: waiting for ${url}: the queue is full`,
    `rivulet: waiting for ${url}: the connection was lost`,
    `rivulet: connected to ${url}`,
    `rivulet: waiting for ${url}: the queue is full`,
    `rivulet: ${url} resumed from an older checkpoint: it has forgotten 1,234 rows`,
  ]);
});

test('a reason is reported again when a minute has passed', () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { shown, said } = status(false);
  const line = `rivulet: waiting for ${url}: the queue is full`;
  shown.waiting('the queue is full');
  shown.arrived();
  vi.advanceTimersByTime(30_000);
  shown.waiting('the queue is full');
  expect(said()).toEqual([line]);
  vi.advanceTimersByTime(30_000);
  shown.waiting('the queue is full');
  expect(said()).toEqual([line]);
});

test('on a terminal the line says why rows wait, and then how many have arrived', () => {
  const { shown, said } = status(true);
  shown.waiting('there is no model yet');
  expect(said()).toEqual([`waiting for ${url}: there is no model yet`]);
  shown.arrived();
  expect(said()).toEqual(['3 rows have arrived · step 7']);
  shown.clear();
});
