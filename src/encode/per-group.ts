import type { Example } from '../sources/example.ts';
import { type RecentMemory, recentByMemory } from '../stream/recent-by-id.ts';
import type { Applicable } from '../stream/stateful.ts';
import { observed } from './past.ts';

/** What a part per group remembers: a memory of the part for each group. */
export type PerGroupMemory<Memory> = RecentMemory<Memory>;

/** Options of {@link perGroup}. */
export interface PerGroupOptions {
  /** The feature whose value names the group, such as a device. Without it is a group as well. */
  readonly by: string;
  /** Groups remembered; one more, and the group that came first begins anew. Default 1,000. */
  readonly groupsMax?: number;
}

/**
 * A part for each group of examples, with a memory of its own: where many devices send into one
 * stream, `perGroup(lags({ of: 'heat' }), { by: 'device' })` gives each its own past.
 */
export const perGroup = <Memory>(
  part: Applicable<Memory, Example, Example>,
  { by, groupsMax = 1_000 }: PerGroupOptions,
): Applicable<PerGroupMemory<Memory>, Example, Example> => {
  if (typeof by !== 'string')
    throw new TypeError(`by: expected the name of a feature, got ${String(by)}`);
  const groupsOf = recentByMemory<Memory>({ capacity: groupsMax, bytesOf: () => 0 });
  const groupName = (example: Example): string => String(observed(example, by) ?? '');
  return {
    name: `${part.name} per ${by}`,
    initial: () => ({ ring: [], count: 0 }),
    apply(memory, example) {
      const known = groupsOf(memory).find(groupName(example))?.value;
      return part.apply(known ?? part.initial(), example);
    },
    update(memory, example) {
      const groups = groupsOf(memory);
      const name = groupName(example);
      const known = groups.find(name)?.value;
      if (known !== undefined && known !== null) return part.update(known, example);
      const fresh = part.initial();
      const out = part.update(fresh, example);
      groups.add(name, fresh);
      return out;
    },
  };
};
