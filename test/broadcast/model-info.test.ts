import { expect, test } from 'vitest';
import { Broadcaster } from '../../src/broadcast/broadcaster.ts';
import type { ModelDescription } from '../../src/broadcast/model-info.ts';
import type { ModelChanged } from '../../src/broadcast/server-messages.ts';
import { PretendClock } from './pretend.ts';
import { snapshotAt } from './snapshots.ts';

test('features that come later are announced, and begin no new epoch', () => {
  const clock = new PretendClock();
  let description: ModelDescription = { features: [{ name: 'a', kind: 'number' }], inputs: 1 };
  const broadcaster = new Broadcaster({
    name: 'toy',
    clock,
    nextEpoch: () => 'only',
    description: () => description,
  });
  expect(broadcaster.model).toMatchObject({ params: 0, inputs: 1 });
  const told: ModelChanged[] = [];
  broadcaster.watchers.add({ modelChanged: (message) => told.push(message), count: () => {} });
  broadcaster.publish(snapshotAt(1));
  broadcaster.publish(snapshotAt(2));
  expect(told).toMatchObject([{ epoch: 'only', model: { params: 9, inputs: 1 } }]);
  const schema = broadcaster.model.schema;
  description = { features: [...description.features!, { name: 'b', kind: 'time' }], inputs: 5 };
  broadcaster.publish(snapshotAt(3));
  broadcaster.publish(snapshotAt(4));
  expect(told).toHaveLength(2);
  expect(told[1]).toMatchObject({ epoch: 'only', model: { schema, inputs: 5 } });
  expect(broadcaster.logs.events.last).toBe(0);
});
