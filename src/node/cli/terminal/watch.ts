import { createLogUpdate } from 'log-update';
import { filter, type Subscription } from 'rxjs';
import type { Connection } from '../../../client/connect.ts';
import { ConnectionClosed } from '../../../client/connection-closed.ts';
import type { CostFrame, EventEntry } from '../../../client/index.ts';
import { connect } from '../../server/connect.ts';
import { jsonLine, printable } from './printable.ts';
import { screen } from './screen.ts';
import { type Watched, Watching } from './watched.ts';
import { count, figure, stateText, totalOf } from './words.ts';

/** The present state as one line, for a log or a pipe. */
export const plainLine = (watched: Watched): string => {
  const { state, cost, metrics } = watched;
  if (!cost) return stateText(state);
  const [name, value] = Object.entries(metrics?.metrics ?? {})[0] ?? [];
  const baseline = name === undefined ? undefined : metrics?.baseline[name];
  const score = name && `${printable(name)} ${figure(value)} (no change ${figure(baseline)})`;
  const rate = metrics && `${count(metrics.samplesPerSecond)}/s`;
  const total = `J_total ${figure(totalOf(watched))}`;
  const recent = `recent ${figure(cost.windowed.mean)}`;
  return [`step ${count(cost.step)}`, total, recent, score, rate].filter(Boolean).join('  ');
};

/** Something that happened, as one line. */
export const eventLine = ({ kind, step, message }: EventEntry): string =>
  `${printable(kind)} at step ${count(step)}: ${printable(message)}`;

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
  /** Where a lost connection is told when the output is JSON. Default: standard error. */
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
