import { expect, test } from 'vitest';
import type { Slot } from '../../../src/encode/slots.ts';
import { describeSlots } from '../../../src/node/training/pipeline-model.ts';

const slot = (feature: string, kind: Slot['kind'], value = ''): Slot => ({ feature, kind, value });

test('a feature is described once, as what it was first seen', () => {
  const slots = [
    slot('heat', 'number'),
    slot('room', 'value', 'kitchen'),
    slot('room', 'value', 'hall'),
    slot('at', 'cycle', 'daySin'),
    slot('at', 'cycle', 'dayCos'),
    slot('code', 'hash', '0'),
    slot('heat', 'value', 'hot'),
    slot('', 'overflow', '0'),
  ];
  expect(describeSlots(slots)).toEqual([
    { name: 'heat', kind: 'number' },
    { name: 'room', kind: 'category' },
    { name: 'at', kind: 'time' },
    { name: 'code', kind: 'category' },
  ]);
});
