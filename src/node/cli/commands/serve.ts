import ansis from 'ansis';
import { Command, Option } from 'commander';
import type { Broadcaster } from '../../../broadcast/broadcaster.ts';
import { type ModelServer, type ServeOptions, serve } from '../../server/serve.ts';
import { hasSecondCore } from '../../threads/start-thread.ts';
import { resumeOf } from '../../training/resume.ts';
import { startTraining } from '../../training/start-training.ts';
import type { TrainingModel } from '../../training/training-model.ts';
import { type LearnCommandOptions, withLearnOptions } from '../options/learn-options.ts';
import { positiveNumber, wholeNumber } from '../options/number-option.ts';
import { openRejects } from '../options/rejects-option.ts';
import { sessionNotice } from '../options/session-notice.ts';
import { shownName, withShownNames } from '../options/shown-name.ts';
import { LiveRun } from '../reports/live-run.ts';
import { report } from '../reports/report.ts';
import { statusLines } from '../reports/status-line.ts';
import { connectionLines } from '../terminal/connection-lines.ts';
import { count } from '../terminal/figures.ts';
import { logLines } from '../terminal/log-lines.ts';
import { Misuse, oneLine } from '../terminal/misuse.ts';
import { endSignal } from '../terminal/signals.ts';
import { broadcasterOf } from '../training/broadcaster-of.ts';
import { frozenModel } from '../training/frozen-model.ts';
import { KeptCheckpoints } from '../training/kept-checkpoints.ts';

/** What `serve` takes beside what all trainings do. */
interface ServeCommandOptions extends LearnCommandOptions {
  readonly port: number;
  readonly host: string;
  readonly allowHost?: readonly string[];
  readonly allowOrigin?: readonly string[];
  readonly frameAncestors?: readonly string[];
  readonly trustProxy?: boolean;
  readonly worker?: boolean;
  readonly log?: boolean;
  readonly checkpoint?: string;
  readonly checkpointEvery?: number;
  readonly beginAnew?: boolean;
  readonly logFed?: true | 'sync';
  readonly logFedMax?: number;
  readonly frozen?: string;
}

/** `rivulet serve [SOURCE]`: trains, and serves the model. */
export const serveCommand = (): Command =>
  withLearnOptions(
    new Command('serve')
      .description('train, and show it live to browsers, terminals and programs')
      .argument('[source...]', 'digits, host, - (standard input), files, or an address', ['digits'])
      .option(
        '-p, --port <number>',
        'where to listen; 0: a free port',
        wholeNumber(0, 65_535),
        8080,
      )
      .option(
        '--host <address>',
        'the address to listen on; beyond loopback it needs a token',
        '127.0.0.1',
      )
      .option(
        '--allow-host <name...>',
        'names of this server, such as sensors.lan, beside localhost and RIVULET_ALLOWED_HOSTS',
      )
      .option(
        '--allow-origin <origin...>',
        'pages of other servers that may connect and read answers',
      )
      .option(
        '--frame-ancestors <origin...>',
        'pages that may show this page in a frame: origins, self, or * (default: none)',
      )
      .option('--trust-proxy', 'take the address of a client from X-Forwarded-For')
      .addOption(
        new Option(
          '--frozen <folder>',
          'serve the model of a checkpoint, which does not learn',
        ).conflicts([
          'checkpoint',
          'checkpointEvery',
          'beginAnew',
          'logFed',
          'logFedMax',
          'samples',
          'rejects',
        ]),
      )
      .option('--log', 'write who comes, goes and is refused to standard error, as JSON')
      .option('--worker', 'train in a thread of its own (default where there are two cores)')
      .option('--no-worker', 'train in the thread that serves')
      .option('--checkpoint <folder>', 'write checkpoints there, and resume from the newest')
      .option('--begin-anew', 'move the checkpoints that are there aside, and begin a new epoch')
      .option(
        '--checkpoint-every <seconds>',
        'how often one is written, beside those that durable feeding asks for (default: 60)',
        positiveNumber,
      )
      .addOption(
        new Option(
          '--log-fed [mode]',
          'log fed samples, so that learned ones survive a kill; sync: a power loss too',
        ).choices(['sync']),
      )
      .option(
        '--log-fed-max <MiB>',
        'how large that log may become before feeders wait for a checkpoint (default: 64)',
        positiveNumber,
      ),
  )
    .addHelpText(
      'after',
      '\nA token is read from the environment variable RIVULET_TOKEN, names of this server from RIVULET_ALLOWED_HOSTS.',
    )
    .action(serveSource);

/** How long the first rows are waited for before the server listens without them. */
const headMs = 1_000;

/** How often a checkpoint is written, in seconds. */
const checkpointSeconds = 60;

const serveSource = async (
  specs: string[],
  options: ServeCommandOptions,
  command: Command,
): Promise<void> => {
  if (options.frozen !== undefined) {
    if (command.args.length > 0) throw new Misuse('--frozen does not learn: leave out the source');
    await serveFrozen(options.frozen, options);
    return;
  }
  const notice = sessionNotice(specs, options);
  if (notice !== undefined) process.stderr.write(`rivulet: ${notice}\n`);
  const rejects = openRejects(specs, options);
  const checkpoints = await KeptCheckpoints.open(options);
  const { from, replay } = checkpoints ?? {};
  if ((options.worker ?? hasSecondCore) && specs.includes('-')) {
    process.stderr.write(
      'rivulet: standard input belongs to the main thread, so it trains there\n',
    );
  }
  const training = startTraining(specs, {
    ...options,
    connections: connectionLines(process.stderr),
    ...(from && { from: resumeOf(from) }),
    ...(replay && { replay }),
    rawRejections: rejects !== undefined,
    ...(checkpoints && { saved: () => checkpoints.saved() }),
  });
  const shown = broadcasterOf(training, {
    ...{ name: shownName(specs), from, rejected: rejects },
    hasCheckpoints: checkpoints !== undefined,
    ended: (): string | undefined => live?.outcome,
  });
  const signal = endSignal();
  let live: LiveRun | undefined;
  live = new LiveRun(training, withShownNames(shown, specs), from?.step);
  void live.ended.then(() => shown.describedAnew());
  try {
    // A checkpoint is resumed at once, or cannot be resumed at all.
    await Promise.race([live.begun, signal, ...(from ? [] : [later(headMs)])]);
    await checkpoints?.start(training, shown, options.checkpointEvery ?? checkpointSeconds);
    const model = checkpoints?.logging(training, shown) ?? training;
    const durability = checkpoints?.durability;
    const server = await serve(
      { broadcaster: shown, model, ...(durability && { checkpoints: durability }) },
      listenOptions(options),
    );
    await show(live, server, { signal, checkpoints, shown, json: options.json ?? false });
  } finally {
    live.stop();
    await training.stop();
    await rejects?.close();
  }
};

const serveFrozen = async (path: string, options: ServeCommandOptions): Promise<void> => {
  const { welcome: line, ...served } = await frozenModel(path);
  const signal = endSignal();
  const server = await serve(served, listenOptions(options));
  process.stdout.write(line(server.url));
  await signal;
  await server.close();
};

interface ShowOptions {
  readonly shown: Broadcaster;
  readonly signal: Promise<void>;
  readonly checkpoints: KeptCheckpoints | undefined;
  readonly json: boolean;
}

const show = async (
  live: LiveRun,
  server: ModelServer,
  { signal, checkpoints, json, shown }: ShowOptions,
): Promise<void> => {
  const { training } = live;
  // With --json standard output is for the one object at the end.
  (json ? process.stderr : process.stdout).write(welcome(live, server.url));
  const clear = statusLines(live, server);
  const telling = live.ended.then(() => tell(live));
  try {
    // If nothing can be learned at all there is nothing to serve, and the command must fail.
    await Promise.race([signal, live.begun.then(() => signal)]);
  } finally {
    await settle(live);
    live.stop();
    clear();
    await telling;
    await close(server, { checkpoints, training });
  }
  const last = shown.snapshot;
  if (last === undefined || training.shape === undefined) return;
  process.stdout.write(
    report(training, last, { seconds: live.seconds, before: live.before, json }),
  );
};

/** A last snapshot comes within this time, in ms. */
const lastSnapshotMs = 66;

/** Lets a last snapshot come: what was learned since the one before counts. */
const settle = async ({ isLearning, training }: LiveRun): Promise<void> => {
  if (!isLearning) return;
  await training.steer({ op: 'pause' });
  await later(lastSnapshotMs);
};

/** Reports what ended a training that had begun: its model is still served. */
const tell = ({ last, failure, exitCode }: LiveRun): void => {
  if (last === undefined || failure === undefined) return;
  process.stderr.write(`rivulet: ${failure}\n`);
  process.exitCode = exitCode;
};

const close = async (
  server: ModelServer,
  {
    checkpoints,
    training,
  }: Pick<ShowOptions, 'checkpoints'> & { readonly training: TrainingModel },
): Promise<void> => {
  // Who waits for a checkpoint is answered before everybody is sent away.
  await checkpoints?.saved().catch(() => {});
  await server.close();
  if (checkpoints) {
    await training.steer({ op: 'pause' });
    await checkpoints.close();
  }
  // Only now, and then the report: what was fed and accepted has been learned, and counts.
  await training.stop();
};

const welcome = ({ training, before }: LiveRun, url: string): string => {
  const since = before > 0 ? ` on from its checkpoint of step ${count(before)}` : '';
  return `${ansis.bold('Rivulet')} learns ${oneLine(training.source.name)}${since}: ${ansis.cyan(url)}\n`;
};

const listenOptions = (options: ServeCommandOptions): ServeOptions => {
  const { port, host, allowOrigin, frameAncestors, trustProxy, log } = options;
  const hosts = [...(options.allowHost ?? []), ...hostsOf(process.env['RIVULET_ALLOWED_HOSTS'])];
  // Not an option: what is typed on a command line can be read by every user of the machine.
  const token = process.env['RIVULET_TOKEN'];
  return {
    port,
    host,
    ...(token && { tokens: [{ token }] }),
    ...(log && { logger: logLines() }),
    ...(hosts.length > 0 && { allowedHosts: hosts }),
    ...(allowOrigin && { allowedOrigins: allowOrigin }),
    ...(frameAncestors && { frameAncestors }),
    ...(trustProxy && { trustProxy }),
  };
};

/** Names with commas or spaces between them. */
const hostsOf = (text = ''): string[] => text.split(/[\s,]+/).filter((name) => name !== '');

const later = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
