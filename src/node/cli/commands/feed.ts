import ansis from 'ansis';
import { Command, Option } from 'commander';
import {
  filter,
  fromEvent,
  lastValueFrom,
  map,
  type Observable,
  takeUntil,
  tap,
  timer,
  withLatestFrom,
} from 'rxjs';
import type { Connection } from '../../../client/connect.ts';
import { ConnectionClosed } from '../../../client/connection-closed.ts';
import { connect } from '../../server/connect.ts';
import { timerMsMax } from '../../threads/wall-clock.ts';
import { positiveNumber } from '../options/number-option.ts';
import { serverUrl } from '../options/server-url.ts';
import { FedRows } from '../reports/fed-rows.ts';
import { FeedStatus } from '../reports/feed-status.ts';
import { connectionLines } from '../terminal/connection-lines.ts';
import { count } from '../terminal/figures.ts';
import { Misuse } from '../terminal/misuse.ts';
import { jsonLine } from '../terminal/printable.ts';
import { endSignal } from '../terminal/signals.ts';

/** What `feed` takes, as commander reads it. */
interface FeedCommandOptions {
  readonly target: string;
  readonly id?: string;
  readonly time?: string;
  readonly follow?: boolean;
  readonly model?: string;
  readonly producer?: string;
  readonly ack: 'learned' | 'durable';
  readonly wait: number;
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
    .option(
      '--time <name>',
      'the column or field with the time of a row: milliseconds since 1970, or ISO 8601',
    )
    .option('-f, --follow', 'follow a file as it grows and is rotated (by renaming), like tail -F')
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
    .option('--wait <seconds>', 'how long a server is waited for at first', positiveNumber, 30)
    .option('--json', 'print the result as one JSON object')
    .addHelpText('after', '\nA token is read from the environment variable RIVULET_TOKEN.')
    .action(feed);

const feed = async (url: string, files: string[], options: FeedCommandOptions): Promise<void> => {
  const { model, producer, ack, wait, json, ...reading } = options;
  const address = serverUrl(url);
  const end = new AbortController();
  void endSignal().then(() => end.abort());
  const events = connectionLines(process.stderr);
  const rows = new FedRows(files, { ...reading, signal: end.signal, events });
  const token = process.env['RIVULET_TOKEN'];
  const connection = connect(address, {
    name: 'rivulet feed',
    ...(model && { model }),
    ...(token && { token }),
  });
  const status = new FeedStatus(rows, url);
  const states = connection.state.subscribe((state) => status.changed(state));
  const busy = { next: ({ message }: Error) => status.waiting(message) };
  const forgotten = {
    next(many: number): void {
      rows.forgot(many);
      status.forgot(many);
    },
  };
  const arrivals = connection
    .feed(rows.examples, { ack, busy, forgotten, ...(producer && { producer }) })
    .pipe(
      tap((arrived) => rows.arrived(arrived)),
      tap(() => status.arrived()),
      takeUntil(fromEvent(end.signal, 'abort')),
      takeUntil(neverStood(connection, { url, wait })),
    );
  try {
    await lastValueFrom(arrivals, { defaultValue: undefined });
  } catch (error) {
    throw isForUser(error) ? new Misuse(`${url}: ${error.message}`) : error;
  } finally {
    status.clear();
    states.unsubscribe();
    connection.close();
  }
  process.stdout.write(json ? jsonLine(rows.result) : sentence(rows));
  if (end.signal.aborted) process.exitCode = 130;
};

/** An error if no server answered within the timeout; one that answered once is retried without limit. */
const neverStood = (
  { state }: Connection,
  { url, wait }: { url: string; wait: number },
): Observable<never> =>
  timer(Math.min(wait * 1_000, timerMsMax)).pipe(
    withLatestFrom(state),
    map(([, { reason }]) => {
      throw new Misuse(`nothing at ${url} in ${wait} s: ${reason}`);
    }),
    takeUntil(state.pipe(filter(({ phase }) => phase === 'live'))),
  );

/** What the server does not do, such as to keep checkpoints, is for the user to mend. */
const isForUser = (error: unknown): error is Error =>
  error instanceof ConnectionClosed ||
  (error instanceof Error && /^(unsupported|forbidden):/.test(error.message));

const sentence = ({ result: { fed, rejected, forgotten, step } }: FedRows): string => {
  const refused = rejected > 0 ? `, ${ansis.yellow(`${count(rejected)} rejected`)}` : '';
  const gone = forgotten > 0 ? `, ${ansis.yellow(`${count(forgotten)} forgotten`)}` : '';
  return `${ansis.bold(count(fed))} rows have arrived${refused}${gone}; the model has learned ${count(step)} samples\n`;
};
