import { expect, test } from 'vitest';
import type { View } from '../../../../clients/dashboard/board/view.ts';
import { earlierText } from '../../../../clients/dashboard/panels/events-panel.tsx';

const from = (seq: number): View['events'] => [
  { t: 'events', sid: 1, seq, at: 1, step: 1, kind: 'drift', message: 'x' },
];

test.each([
  [[], 0, undefined],
  [from(1), 0, undefined],
  [from(2), 0, '1 earlier event no longer listed'],
  [from(41), 0, '40 earlier events no longer listed'],
  [[], 1, '1 refused sample no longer listed'],
  [from(3), 12, '2 earlier events and 12 refused samples no longer listed'],
])('what the events panel counts and does not list: case %#', (events, rejected, text) => {
  expect(earlierText(events, rejected)).toBe(text);
});
