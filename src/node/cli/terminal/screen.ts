import ansis from 'ansis';
import type { EventEntry } from '../../../client/index.ts';
import type { NamedTensor } from '../../../client/weights.ts';
import { printable } from './printable.ts';
import { shareBar, sparkline } from './sparkline.ts';
import type { Watched } from './watched.ts';
import { count, figure, stateText, timeOfDay, totalOf } from './words.ts';

/** How much room there is, and what time it is. */
export interface ScreenOptions {
  readonly columns: number;
  readonly rows: number;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
}

/** Everything that is known, as lines that fit into a terminal. */
export const screen = (watched: Watched, { columns, rows, now }: ScreenOptions): string[] => {
  const width = Math.max(20, Math.min(columns - 1, 100));
  const top = [...head(watched, now), '', ...cost(watched, width), '', ...metrics(watched, width)];
  const below = [...layers(watched, width), '', ...events(watched, width)];
  return [...top, '', ...below].slice(0, Math.max(1, rows - 1));
};

/** A longer name is cut. */
const nameMax = 40;

const head = ({ state, welcome, metrics: measured, cost: newest }: Watched, now: number) => {
  const dot = state.phase === 'live' ? ansis.green('●') : ansis.yellow('○');
  const model = welcome ? ` ${printable(welcome.model.name, nameMax)}` : '';
  const age = newest ? `${count(Math.max(0, now - newest.at))} ms old` : '';
  const rate = measured ? `${count(measured.samplesPerSecond)} samples/s` : '';
  const facts = [rate, age, welcome && `epoch ${printable(welcome.epoch.slice(-6))}`].filter(
    Boolean,
  );
  return [
    `${ansis.bold.cyan('rivulet')}${model}  ${dot} ${stateText(state)}`,
    ansis.dim(facts.join('  ·  ')),
  ];
};

const cost = (watched: Watched, width: number): string[] => {
  const newest = watched.cost;
  if (!newest) return [ansis.dim('J_total  waiting for the first sample')];
  const { mean, n, min, max } = newest.windowed;
  const curve = watched.curve(width).map(([, value]) => value ?? Number.NaN);
  const bad = newest.nonFinite > 0 ? ansis.red(`  ${count(newest.nonFinite)} not finite`) : '';
  return [
    `${ansis.bold('J_total')}  ${ansis.bold.cyan(figure(totalOf(watched)))}  over ${count(newest.n)}${bad}`,
    `recent   ${ansis.yellow(figure(mean))}  over the last ${count(n)}, ${figure(min)} to ${figure(max)}`,
    ansis.cyan(sparkline(curve)),
  ];
};

const nameWidth = 18;

const metrics = ({ metrics: measured }: Watched, width: number): string[] => {
  if (!measured) return [];
  const title = `${''.padEnd(nameWidth)}${'now'.padStart(10)}${'no change'.padStart(12)}`;
  const lines = Object.entries(measured.metrics).map(([name, value]) => {
    const baseline = measured.baseline[name];
    const numbers = `${figure(value).padStart(10)}${figure(baseline).padStart(12)}`;
    const bar = isShare(name) ? shareBar(value ?? 0, Math.min(30, width - 44)) : '';
    return `${printable(name, nameMax).padEnd(nameWidth)}${numbers}  ${ansis.cyan(bar)}`;
  });
  return [ansis.dim(title), ...lines];
};

const isShare = (name: string): boolean => /accuracy|f1/i.test(name);

const layers = ({ weights, metrics: measured }: Watched, width: number): string[] => {
  if (!weights) return [];
  const known = new Map(measured?.layers.map((layer) => [layer.name, layer]));
  const title = layerLine(width, 'layer', ['shape', 'norm', 'gradient', 'update', 'dead']);
  const lines = Array.from(weights.tensors, ([name, tensor]) => {
    const { gradientNorm, updateRatio, deadUnits } = known.get(name) ?? {};
    const numbers = [norm(tensor), gradientNorm, updateRatio].map(figure);
    return layerLine(width, printable(name, nameMax), [
      tensor.shape.join('×'),
      ...numbers,
      `${deadUnits ?? ''}`,
    ]);
  });
  return [ansis.dim(title), ...lines];
};

const cellWidth = 11;

/** As many cells as there is room for. */
const layerLine = (width: number, name: string, cells: readonly string[]): string =>
  cells
    .slice(0, Math.floor((width - nameWidth) / cellWidth))
    .reduce((line, cell) => line + cell.padStart(cellWidth), name.padEnd(nameWidth));

const norm = ({ values }: NamedTensor): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));

const loud: readonly EventEntry['kind'][] = ['error', 'rollback'];

const events = ({ events: happened }: Watched, width: number): string[] => {
  if (happened.length === 0) return [ansis.dim('nothing has happened yet')];
  return happened
    .slice(-6)
    .reverse()
    .map(({ at, kind, step, message }) => {
      const colour = loud.includes(kind) ? ansis.red : ansis.yellow;
      const text = shorten(`step ${count(step)}  ${printable(message)}`, width - 22);
      return `${ansis.dim(timeOfDay(at))}  ${colour(printable(kind, nameMax).padEnd(10))}  ${text}`;
    });
};

const shorten = (text: string, room: number): string =>
  text.length <= room ? text : `${text.slice(0, Math.max(0, room - 1))}…`;
