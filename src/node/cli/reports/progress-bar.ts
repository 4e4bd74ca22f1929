import ansis from 'ansis';
import { createLogUpdate } from 'log-update';
import type { Snapshot } from '../../../snapshot/snapshot.ts';
import type { OpenedSource } from '../../sources/opened-source.ts';
import { count, figure, measureOf } from '../terminal/figures.ts';
import { printable } from '../terminal/printable.ts';

/** Shows how a training comes along. */
export interface Progress {
  readonly show: (snapshot: Snapshot) => void;
  /** Takes the bar away. */
  readonly clear: () => void;
}

const barWidth = 24;

/** A bar on standard error where that is a terminal; elsewhere nothing. */
export const progressBar = (
  { progress, count: total, name }: OpenedSource,
  { samples, stream = process.stderr }: { samples?: number; stream?: NodeJS.WriteStream } = {},
): Progress => {
  if (!stream.isTTY) return { show: () => {}, clear: () => {} };
  const draw = createLogUpdate(stream);
  const startMs = performance.now();
  const shareOf = ({ step }: Snapshot): number | undefined => {
    const all = Math.min(samples ?? Number.POSITIVE_INFINITY, total ?? Number.POSITIVE_INFINITY);
    if (Number.isFinite(all)) return step / all;
    return progress?.total === undefined ? undefined : progress.read / progress.total;
  };
  return {
    show(snapshot) {
      const seconds = (performance.now() - startMs) / 1000;
      const speed = `${count(snapshot.step / seconds)}/s`;
      const cost = `J ${figure(snapshot.cost.mean)}`;
      const facts = [`${count(snapshot.step)} samples`, speed, measureOf(snapshot), cost];
      draw(`${bar(shareOf(snapshot), name)}  ${facts.filter(Boolean).join(ansis.dim(' · '))}`);
    },
    clear: () => draw.clear(),
  };
};

const bar = (share: number | undefined, name: string): string => {
  if (share === undefined) return ansis.cyan(printable(name));
  const bounded = Math.min(1, Math.max(0, share));
  const full = Math.round(bounded * barWidth);
  const rest = ansis.dim('━'.repeat(barWidth - full));
  return `${ansis.cyan('━'.repeat(full))}${rest} ${String(Math.floor(bounded * 100)).padStart(3)} %`;
};
