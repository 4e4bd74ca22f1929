import { MeasureSet, type Memories } from './measure-set.ts';
import type { Metric, MetricGroup } from './metric.ts';
import { valueOver } from './windowed.ts';

/**
 * Some metrics as one measure, whose value has the value of each by its name. What is wrapped around
 * it is done once for all of them: a window keeps each outcome once, however many look at it.
 */
export const together = (metrics: Readonly<Record<string, Metric>>): MetricGroup<Memories> => {
  const set = new MeasureSet(metrics);
  const members = Object.entries(metrics);
  const group: MetricGroup<Memories> = {
    name: members.map(([name]) => name).join('+'),
    isOfClasses: set.isOfClasses,
    initial: () => set.initial(),
    update: (memories, seen) => set.update(memories, seen),
    value: (memories) => set.values(memories),
    exact: (outcomes) =>
      Object.fromEntries(members.map(([name, metric]) => [name, valueOver(metric, outcomes)])),
  };
  if (!members.every(([, metric]) => 'scale' in metric)) return group;
  return { ...group, scale: (memories, factor) => set.scale(memories, factor) };
};
