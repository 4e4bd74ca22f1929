import { expect, test } from 'vitest';
import type { ModelFacts } from '../../../../clients/dashboard/board/view.ts';
import { streamText } from '../../../../clients/dashboard/panels/status-strip.tsx';

const model: ModelFacts = {
  ...{ name: 'm', epoch: 'e', parameters: 1, classes: [], source: 'rows.csv' },
  isFrozen: false,
};

test.each([
  [model, 900, undefined],
  [model, Number.NaN, undefined],
  [undefined, 900, undefined],
  [model, 40_500, 'No sample for 40 s'],
  [model, 600_000, 'No sample for 10 min'],
  [model, 3 * 3_600_000, 'No sample for 3 h'],
  [{ ...model, ended: 'finished after 17,379 samples' }, 1e6, 'Finished after 17,379 samples'],
  [{ ...model, isFrozen: true }, 1e6, 'Frozen: it predicts, and does not learn'],
])('what the strip says of a stream: case %#', (facts, ageMs, text) => {
  expect(streamText(facts, ageMs)).toBe(text);
});
