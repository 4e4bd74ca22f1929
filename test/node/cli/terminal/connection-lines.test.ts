import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { connectionLines } from '../../../../src/node/cli/terminal/connection-lines.ts';

test('a line is written when a connection changes, and each time that a source restarts', () => {
  const output = new PassThrough();
  const lines = connectionLines(output);
  const kinds = [
    'waiting',
    'waiting',
    'restarted',
    'restarted',
    'connected',
    'lost',
    'lost',
  ] as const;
  for (const [i, kind] of kinds.entries()) lines.next({ kind, message: `${kind} ${i}` });
  expect(String(output.read()).trim().split('\n')).toEqual([
    'rivulet: waiting 0',
    'rivulet: restarted 2',
    'rivulet: restarted 3',
    'rivulet: connected 4',
    'rivulet: lost 5',
  ]);
});
