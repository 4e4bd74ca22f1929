import ansis from 'ansis';
import { Command, Option } from 'commander';
import { createLogUpdate } from 'log-update';
import { fromEvent, lastValueFrom, type Subscription, takeUntil, tap } from 'rxjs';
import type { Connection } from '../../client/connect.ts';
import { ConnectionClosed } from '../../client/connection-closed.ts';
import { FedRows } from '../command-line/fed-rows.ts';
import { count } from '../command-line/figures.ts';
import { Misuse, oneLine } from '../command-line/misuse.ts';
import { serverUrl } from '../command-line/server-url.ts';
import { endSignal } from '../command-line/signals.ts';
import { connect } from '../connect.ts';

/** What `feed` takes, as commander reads it. */
interface FeedCommandOptions {
  readonly target: string;
  readonly id?: string;
  readonly time?: string;
  readonly follow?: boolean;
  readonly model?: string;
  readonly producer?: string;
  readonly ack: 'learned' | 'durable';
  readonly json?: boolean;
}

/** `rivulet feed URL [FILE...]`: rows to a server, each of which arrives. */
export const feedCommand = (): Command =>
  new Command('feed')
    .description('send rows to a server, which learns from them; each arrives, and once')
    .argument('<url>', 'where it is served')
    .argument('[file...]', 'CSV or NDJSON files; - is standard input', ['-'])
    .option('-t, --target <name>', 'the column or field to predict', 'target')
    .option('--id <name>', 'the column or field that names a row')
    .option('--time <name>', 'the column or field with the time of a row')
    .option(
      '-f, --follow',
      'go on with a file as it grows and is rotated (by renaming), like tail -F',
    )
    .option('--model <name>', 'which one, where a server has several')
    .option('--producer <name>', 'a name of your own: what it sent before is not learned twice')
    .addOption(
      new Option(
        '--ack <when>',
        'when a row has arrived: once learned, or once a checkpoint has it',
      )
        .choices(['learned', 'durable'])
        .default('learned'),
    )
    .option('--json', 'print the result as one JSON object')
    .addHelpText('after', '\nA token is read from the environment variable RIVULET_TOKEN.')
    .action(feed);

const feed = async (url: string, files: string[], options: FeedCommandOptions): Promise<void> => {
  const { model, producer, ack, json, ...reading } = options;
  const end = new AbortController();
  void endSignal().then(() => end.abort());
  const rows = new FedRows(files, { ...reading, signal: end.signal });
  const token = process.env['RIVULET_TOKEN'];
  const connection = connect(serverUrl(url), {
    name: 'rivulet feed',
    ...(model && { model }),
    ...(token && { token }),
  });
  const states = tellStates(connection, url);
  const bar = progress(rows);
  const arrivals = connection.feed(rows.examples, { ack, ...(producer && { producer }) }).pipe(
    tap((arrived) => rows.arrived(arrived)),
    tap(bar.show),
    takeUntil(fromEvent(end.signal, 'abort')),
  );
  try {
    await lastValueFrom(arrivals, { defaultValue: undefined });
  } catch (error) {
    if (error instanceof ConnectionClosed || isUnsupported(error)) {
      throw new Misuse(`${url}: ${error.message}`);
    }
    throw error;
  } finally {
    bar.clear();
    states.unsubscribe();
    connection.close();
  }
  process.stdout.write(json ? `${JSON.stringify(rows.result)}\n` : sentence(rows));
  if (end.signal.aborted) process.exitCode = 130;
};

/** What the server does not do, such as to keep checkpoints, is for the user to mend. */
const isUnsupported = (error: unknown): error is Error =>
  error instanceof Error && error.message.startsWith('unsupported:');

const sentence = ({ result: { fed, rejected, step } }: FedRows): string => {
  const refused = rejected > 0 ? `, ${ansis.yellow(`${count(rejected)} rejected`)}` : '';
  return `${ansis.bold(count(fed))} rows have arrived${refused}; the model has learned ${count(step)} samples\n`;
};

/** Says when the server is not there, and when it is again. */
const tellStates = (connection: Connection, url: string): Subscription => {
  let isAway = false;
  return connection.state.subscribe(({ phase, reason }) => {
    if (phase === 'reconnecting' && !isAway) {
      isAway = true;
      process.stderr.write(`rivulet: waiting for ${oneLine(url)}: ${oneLine(reason)}\n`);
    } else if (phase === 'live' && isAway) {
      isAway = false;
      process.stderr.write(`rivulet: connected to ${oneLine(url)}\n`);
    }
  });
};

interface FeedBar {
  readonly show: () => void;
  readonly clear: () => void;
}

const progress = ({ result, bytes }: FedRows): FeedBar => {
  const { stderr } = process;
  if (!stderr.isTTY) return { show: () => {}, clear: () => {} };
  const draw = createLogUpdate(stderr);
  const show = (): void => {
    const share = bytes.total ? `${Math.floor((100 * bytes.read) / bytes.total)} % read` : '';
    const facts = [share, `${count(result.fed)} rows have arrived`, `step ${count(result.step)}`];
    draw(facts.filter(Boolean).join(ansis.dim(' · ')));
  };
  return { show, clear: () => draw.clear() };
};
