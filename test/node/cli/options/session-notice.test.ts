import { expect, test } from 'vitest';
import { sessionNotice } from '../../../../src/node/cli/options/session-notice.ts';
import type { TrainingOptions } from '../../../../src/node/training/training-options.ts';

const notice = (spec: string, options: object): string | undefined =>
  sessionNotice([spec], options as TrainingOptions);

test('a broker that keeps nothing for a served model with checkpoints is reported', () => {
  const checkpoint = 'kept';
  expect(notice('mqtt://host/t', { checkpoint })).toContain('--client-id NAME');
  expect(notice('mqtt://host/t', { checkpoint, clientId: 'c', qos: 0 })).toContain('--qos 1');
  expect(notice('mqtt://host/t', { checkpoint, clientId: 'c' })).toBeUndefined();
  expect(notice('mqtt://host/t', {})).toBeUndefined();
  expect(notice('rows.csv', { checkpoint })).toBeUndefined();
});
