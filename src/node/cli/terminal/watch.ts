import ansis from 'ansis';
import { createLogUpdate } from 'log-update';
import { filter, type Subscription } from 'rxjs';
import type { Connection } from '../../../client/connect.ts';
import { ConnectionClosed } from '../../../client/connection-closed.ts';
import type { CostFrame, EventEntry } from '../../../client/index.ts';
import type { ConnectionState } from '../../../client/link.ts';
import type { NamedTensor } from '../../../client/weights.ts';
import { connect } from '../../server/connect.ts';
import { fitLine } from './fit-line.ts';
import { jsonLine, printable } from './printable.ts';
import { shareBar, sparkline } from './sparkline.ts';
import { type Watched, Watching } from './watched.ts';

/** A whole number with separators: 35,940. */
// biome-ignore lint/plugin: shown to people, in English everywhere
const countText = (value: number): string => Math.round(value).toLocaleString('en-US');

/** Four significant digits; a dash for what is not there. */
const figureText = (value: number | null | undefined): string => {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e7)) return value.toExponential(2);
  return value.toPrecision(4);
};

/** J_total: the mean over everything. */
const totalText = ({ cost }: Watched): number =>
  cost && cost.n > 0 ? cost.sum / cost.n : Number.NaN;

/** How the connection is doing. */
const stateText = ({ phase, reason, retryMs }: ConnectionState): string => {
  if (phase === 'live' || phase === 'connecting') return phase;
  if (phase === 'closed') return `closed: ${printable(reason)}`;
  return `${printable(reason)}, trying again${retryMs ? ` in ${Math.ceil(retryMs / 1000)} s` : ''}`;
};

/** The time of day of something that happened. */
// biome-ignore lint/plugin: the viewer's clock
const timeOfDay = (at: number): string => new Date(at).toTimeString().slice(0, 8);

/** How much room there is, and what time it is. */
interface ScreenOptions {
  readonly columns: number;
  readonly rows: number;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
}

/** Everything that is known, as lines that fit into a terminal. */
export const screen = (watched: Watched, { columns, rows, now }: ScreenOptions): string[] => {
  const width = Math.max(1, columns - 1);
  const top = [...head(watched, now), '', ...cost(watched, width), '', ...metrics(watched, width)];
  const below = [...layers(watched, width), '', ...events(watched, width)];
  const lines = [...top, '', ...below].slice(0, Math.max(1, rows - 1));
  // A line that is too long would be wrapped, and the picture drawn anew below the old one.
  return lines.map((line) => fitLine(line, width));
};

/** A longer name is cut. */
const nameMax = 40;

/** A stream that has brought nothing for so long is called silent, in ms. */
const silentMs = 10_000;

/** What there is to say instead of "live" where nothing is learned; undefined where it is. */
const streamText = ({ state, welcome, cost: newest }: Watched, now: number): string | undefined => {
  if (state.phase !== 'live') return undefined;
  const { frozen, source } = welcome?.model ?? {};
  if (frozen) return 'frozen: it predicts, and does not learn';
  if (source?.ended !== undefined) return printable(source.ended);
  const silent = newest ? now - newest.at : 0;
  return silent > silentMs ? `no sample for ${countText(silent / 1_000)} s` : undefined;
};

const head = (watched: Watched, now: number) => {
  const { state, welcome, metrics: measured, cost: newest } = watched;
  const stream = streamText(watched, now);
  const isLive = state.phase === 'live' && stream === undefined;
  const dot = isLive ? ansis.green('●') : ansis.yellow('○');
  const model = welcome ? ` ${printable(welcome.model.name, nameMax)}` : '';
  const age = newest ? `${countText(Math.max(0, now - newest.at))} ms old` : '';
  const rate =
    measured && stream === undefined ? `${countText(measured.samplesPerSecond)} samples/s` : '';
  const facts = [rate, age, welcome && `epoch ${printable(welcome.epoch.slice(-6))}`].filter(
    Boolean,
  );
  return [
    `${ansis.bold.cyan('rivulet')}${model}  ${dot} ${stream ?? stateText(state)}`,
    ansis.dim(facts.join('  ·  ')),
  ];
};

const cost = (watched: Watched, width: number): string[] => {
  const newest = watched.cost;
  if (!newest) return [ansis.dim('J_total  waiting for the first sample')];
  const { mean, n, min, max } = newest.windowed;
  const curve = watched.curve(width).map(([, value]) => value ?? Number.NaN);
  const bad = newest.nonFinite > 0 ? ansis.red(`  ${countText(newest.nonFinite)} not finite`) : '';
  return [
    `${ansis.bold('J_total')}  ${ansis.bold.cyan(figureText(totalText(watched)))}  over ${countText(newest.n)}${bad}`,
    `recent   ${ansis.yellow(figureText(mean))}  over the last ${countText(n)}, ${figureText(min)} to ${figureText(max)}`,
    ansis.cyan(sparkline(curve)),
  ];
};

const nameWidth = 18;

const metrics = ({ metrics: measured }: Watched, width: number): string[] => {
  if (!measured) return [];
  const names = Object.keys(measured.metrics).map((name) => printable(name, nameMax));
  const widest = Math.max(nameWidth, ...names.map((name) => name.length + 1));
  // Of a narrow terminal names get what numbers leave.
  const first = Math.max(8, Math.min(widest, width - 24));
  const title = `${''.padEnd(first)}${'now'.padStart(10)}${'no change'.padStart(12)}`;
  const barWidth = Math.max(0, Math.min(30, width - first - 24));
  const lines = Object.entries(measured.metrics).map(([name, value]) => {
    const baseline = measured.baseline[name];
    const numbers = `${figureText(value).padStart(10)}${figureText(baseline).padStart(12)}`;
    const bar = isShare(name) ? shareBar(value ?? 0, barWidth) : '';
    const shown = shorten(printable(name, nameMax), first - 1).padEnd(first);
    return `${shown}${numbers}  ${ansis.cyan(bar)}`;
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
    const numbers = [norm(tensor), gradientNorm, updateRatio].map(figureText);
    return layerLine(width, printable(name, nameMax), [
      tensor.shape.join('×'),
      ...numbers,
      `${deadUnits ?? ''}`,
    ]);
  });
  return [ansis.dim(title), ...lines];
};

const cellWidth = 11;

/** As many cells as fit. */
const layerLine = (width: number, name: string, cells: readonly string[]): string =>
  cells
    .slice(0, Math.max(0, Math.floor((width - nameWidth) / cellWidth)))
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
      const text = shorten(`step ${countText(step)}  ${printable(message)}`, width - 22);
      return `${ansis.dim(timeOfDay(at))}  ${colour(printable(kind, nameMax).padEnd(10))}  ${text}`;
    });
};

const shorten = (text: string, room: number): string =>
  text.length <= room ? text : `${text.slice(0, Math.max(0, room - 1))}…`;

/** The present state as one line, for a log or a pipe. */
export const plainLine = (watched: Watched): string => {
  const { state, cost, metrics } = watched;
  if (!cost) return stateText(state);
  const [name, value] = Object.entries(metrics?.metrics ?? {})[0] ?? [];
  const baseline = name === undefined ? undefined : metrics?.baseline[name];
  const score =
    name && `${printable(name)} ${figureText(value)} (no change ${figureText(baseline)})`;
  const rate = metrics && `${countText(metrics.samplesPerSecond)}/s`;
  const total = `J_total ${figureText(totalText(watched))}`;
  const recent = `recent ${figureText(cost.windowed.mean)}`;
  return [`step ${countText(cost.step)}`, total, recent, score, rate].filter(Boolean).join('  ');
};

/** Something that happened, as one line. */
export const eventLine = ({ kind, step, message }: EventEntry): string =>
  `${printable(kind)} at step ${countText(step)}: ${printable(message)}`;

/** A cost message as one line of JSON with its line break, with J_total beside the sums it comes from. */
export const costJson = ({
  step,
  at,
  n,
  sum,
  sumSquares,
  windowed,
  nonFinite,
}: CostFrame): string =>
  jsonLine({
    step,
    at,
    totalCost: n > 0 ? sum / n : null,
    n,
    sum,
    sumSquares,
    windowed,
    nonFinite,
  });

/** Where the view is written: standard output, or anything like it. */
export type Output = NodeJS.WritableStream & {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
};

/** Options of {@link watch}. */
export interface WatchOptions {
  /** One line of JSON for each cost message, nothing else. Default false. */
  readonly json?: boolean;
  /** Default: standard output. */
  readonly output?: Output;
  /** Receives notes of lost connections if the output is JSON. Default: standard error. */
  readonly notes?: NodeJS.WritableStream;
  readonly token?: string;
  /** The model to look at. Default: the first of the server. */
  readonly model?: string;
  /** Ends it. */
  readonly signal?: AbortSignal;
  /** Between two pictures or two plain lines. Default 100 ms and 1,000 ms. */
  readonly everyMs?: number;
}

/**
 * Shows in a terminal how a model learns, until the signal; on a terminal as a picture that stands,
 * elsewhere line by line. Rejects with a {@link ConnectionClosed} when the server says not to come
 * back; a lost connection is made again.
 */
export const watch = async (url: string | URL, options: WatchOptions = {}): Promise<void> => {
  const { token, model, signal, output = process.stdout } = options;
  const connection = connect(url, {
    topics: { cost: { maxHz: 10 }, weights: { maxHz: 2 }, events: { history: { points: 6 } } },
    name: 'rivulet watch',
    ...(token !== undefined && { token }),
    ...(model !== undefined && { model }),
    ...(signal && { signal }),
  });
  const view = options.json ? jsonLines : output.isTTY ? picture : plainLines;
  const showing = view(connection, { ...options, output });
  // Whoever reads has had enough, as `| head` does: that is no failure.
  const hasEnough = (): void => connection.close();
  output.on('error', hasEnough);
  try {
    await ended(connection);
  } finally {
    showing.unsubscribe();
    connection.close();
    output.off('error', hasEnough);
  }
};

type View = (connection: Connection, options: WatchOptions & { output: Output }) => Subscription;

/** Settles when the connection is over: well if we ended it, badly if the server did. */
const ended = (connection: Connection): Promise<void> =>
  new Promise((resolve, reject) => {
    connection.state.subscribe((state) => {
      if (state.phase !== 'closed') return;
      if (state.code === undefined) resolve();
      else reject(new ConnectionClosed(state));
    });
  });

const jsonLines: View = (connection, { output, notes = process.stderr }) => {
  const all = connection.cost.subscribe({
    next: (frame) => output.write(costJson(frame)),
    error: () => {},
  });
  const lost = connection.state.pipe(filter(({ retryMs }) => retryMs !== undefined));
  all.add(lost.subscribe((state) => notes.write(`${stateText(state)}\n`)));
  return all;
};

const plainLines: View = (connection, { output, everyMs = 1_000 }) => {
  let isNew = false;
  const watching = new Watching(() => {
    isNew = true;
  });
  const all = watching.follow(connection);
  const write = (text: string): unknown => output.write(`${text}\n`);
  all.add(connection.events.subscribe({ next: (event) => write(eventLine(event)), error() {} }));
  const states = connection.state.pipe(filter(({ phase }) => phase !== 'closed'));
  all.add(states.subscribe((state) => write(stateText(state))));
  const timer = setInterval(() => {
    if (isNew && watching.present.cost) write(plainLine(watching.present));
    isNew = false;
  }, everyMs);
  all.add(() => clearInterval(timer));
  return all;
};

const picture: View = (connection, { output, everyMs = 100 }) => {
  const show = createLogUpdate(output as NodeJS.WriteStream);
  const watching = new Watching(() => {});
  const draw = (): void => {
    const { columns = 80, rows = 24 } = output;
    show(screen(watching.present, { columns, rows, now: Date.now() }).join('\n'));
  };
  const all = watching.follow(connection);
  const timer = setInterval(draw, everyMs);
  draw();
  all.add(() => {
    clearInterval(timer);
    draw();
    show.done();
  });
  return all;
};
