import { defer, filter, from, type Observable, switchMap } from 'rxjs';
import type { Task } from '../../encode/task.ts';
import { digitCount, digitExamples } from '../../sources/digits.ts';
import type { Example } from '../../sources/example.ts';
import { SourceError } from '../../sources/source-error.ts';
import { noneBuffered } from '../../stream/waiting.ts';
import { hasSecondCore } from '../threads/start-thread.ts';
import type { ByteProgress } from './files/bytes.ts';
import type { CsvFileOptions } from './files/files.ts';
import { records } from './files/records.ts';
import { standIn } from './files/stand-in.ts';
import { followedFile, tail } from './files/tail.ts';
import { host } from './host/host.ts';
import type { FromMqttOptions } from './mqtt/from-mqtt.ts';
import type { OpenedSource } from './opened-source.ts';
import { refusePassword } from './refuse-password.ts';
import { fromHttp } from './sockets/from-http.ts';
import { fromWebSocket } from './sockets/from-web-socket.ts';
import { type AddressKind, kindOfScheme, schemeOf, sourceKind } from './source-kind.ts';
import type { OpenOptions } from './source-options.ts';

/** Opens a source by its address. */
const openUrl = (url: string, options: OpenOptions): OpenedSource => {
  const scheme = schemeOf(url);
  const kind = kindOfScheme.get(scheme);
  if (kind === undefined) {
    const known = [...kindOfScheme.keys()].join(', ');
    throw new SourceError(`nothing is known of ${scheme}: addresses; there are ${known}`);
  }
  if (!URL.canParse(url)) throw new SourceError(`'${url}' is no address`);
  refusePassword(
    url,
    'the environment (MQTT_USERNAME and MQTT_PASSWORD, or RIVULET_AUTHORIZATION)',
  );
  return openers[kind](url, options);
};

const live = (url: string, examples: Observable<Example>): OpenedSource => ({
  name: url,
  examples,
  isLive: true,
  isReplayable: false,
});

const openHttp = (url: string, options: OpenOptions): OpenedSource => {
  const { place } = options;
  return {
    ...live(url, fromHttp(url, { ...named(options), ...authorized(), place })),
    findsPlace: true,
  };
};

const openWebSocket = (url: string, options: OpenOptions): OpenedSource => {
  const counters = noneBuffered();
  const examples = fromWebSocket(url, { ...named(options), ...authorized(), counters });
  return { ...live(url, examples), buffer: counters };
};

/** Everything after the host's slash is the topic filter, `#` and `+` included. */
const openMqtt = (url: string, options: OpenOptions): OpenedSource => {
  const [, broker = url, filter = ''] = /^([a-z]+:\/\/[^/]*)\/?(.*)$/s.exec(url) ?? [];
  const topics = [...(filter === '' ? [] : [filter]), ...(options.topic ?? [])];
  if (topics.length === 0) {
    throw new SourceError(`${url} names no topic: write ${broker}/sensors/#, or --topic`);
  }
  const { clientId, qos, mqttVersion, kept } = options;
  const session: Partial<FromMqttOptions> = {
    ...(qos !== undefined && { qos }),
    ...(mqttVersion && { protocolVersion: mqttVersion }),
    // Without a session the broker keeps nothing that could come again: to wait would only cost time.
    ...(clientId !== undefined && { clientId, ...(kept && { kept }) }),
  };
  const mqttOptions = { ...named(options), ...session, topics, thread: hasSecondCore };
  return live(url, loadMqtt(broker, mqttOptions));
};

/** The library is there only where somebody wants it. */
const loadMqtt = (broker: string, options: FromMqttOptions): Observable<Example> =>
  defer(() =>
    from(
      import('./mqtt/from-mqtt.ts').catch(() => {
        throw new SourceError('mqtt is not installed: npm install mqtt');
      }),
    ).pipe(switchMap(({ fromMqtt }) => fromMqtt(broker, options))),
  );

type Opener = (url: string, options: OpenOptions) => OpenedSource;

const openers: Readonly<Record<AddressKind, Opener>> = {
  http: openHttp,
  socket: openWebSocket,
  broker: openMqtt,
};

/** The options that the sources of addresses have in common. */
const named = ({ target, id, time, wait, buffer, whenFull, ...sinks }: OpenOptions) => ({
  ...(target && { target }),
  ...(id && { id }),
  ...(time && { time }),
  ...(wait && { waitMs: 1000 * wait }),
  ...(buffer && { size: buffer }),
  ...(whenFull && { policy: whenFull }),
  ...(sinks.rate && { rate: sinks.rate }),
  ...(sinks.governor && { governor: sinks.governor }),
  ...(sinks.events && { events: sinks.events }),
  ...(sinks.overflow && { overflow: sinks.overflow }),
  rejected: sinks.rejected,
});

const authorized = () => {
  const authorization = process.env['RIVULET_AUTHORIZATION'];
  return authorization ? { headers: { authorization } } : {};
};

/**
 * Opens a source by what a person calls it: `digits`, `host`, `-` for standard input, an address, or
 * paths of files. Throws a SourceError where that is clear to be impossible already.
 */
export const openSource = (specs: readonly string[], options: OpenOptions): OpenedSource => {
  const kind = sourceKind(specs);
  if (kind === 'digits') return openDigits(options);
  if (kind === 'host') return openHost(options);
  if (kind !== 'file') return openUrl(specs[0]!, options);
  return options.follow ? openTail(followedFile(specs), options) : openFiles(specs, options);
};

const openDigits = ({ seed, rate, passes, governor }: OpenOptions): OpenedSource => ({
  name: 'digits',
  examples: digitExamples({
    seed,
    ...(rate && { rate }),
    ...(passes && { passes }),
    ...(governor && { governor }),
  }),
  isLive: false,
  isReplayable: true,
  task: 'classification',
  featureMax: 16,
  ...(passes && { count: passes * digitCount }),
});

const openHost = ({ target, rate, ahead, governor }: OpenOptions): OpenedSource => ({
  name: 'host',
  examples: host({
    ...(ahead && { aheadSeconds: ahead }),
    ...(target && { target }),
    ...(rate && { everyMs: 1000 / rate }),
  }).pipe(filter(() => !governor?.isPaused)),
  isLive: true,
  isReplayable: false,
  task: 'regression' satisfies Task,
});

const openFiles = (specs: readonly string[], options: OpenOptions): OpenedSource => {
  const progress: ByteProgress = { read: 0 };
  const other = specs.find((spec) => spec.includes('://') || spec === 'digits' || spec === 'host');
  if (specs.length > 1 && other !== undefined) {
    throw new SourceError(`several sources must all be files that end: ${other}`);
  }
  const tell = (message: string): void => options.events?.next({ kind: 'waiting', message });
  const isPiped = specs.includes('-');
  const inputs = specs.map((spec) => (spec === '-' ? process.stdin : spec));
  const examples = records(inputs, { ...fileOptions(options), progress });
  return {
    name: specs.map((spec) => (spec === '-' ? 'standard input' : spec)).join(', '),
    ...(specs.length === 1 && !isPiped ? standing(specs[0]!, examples, options) : { examples }),
    isLive: false,
    isReplayable: !isPiped,
    ...(isPiped && { pipe: { tell } }),
    progress,
  };
};

/** One file, which may have been followed before. */
const standing = (
  path: string,
  examples: Observable<Example>,
  { place, events }: OpenOptions,
): Pick<OpenedSource, 'examples' | 'findsPlace'> => ({
  examples: defer(() => {
    standIn(path, place, events);
    return examples;
  }),
  findsPlace: true,
});

const openTail = (path: string, options: OpenOptions): OpenedSource => ({
  name: path,
  examples: tail(path, {
    ...fileOptions(options),
    place: options.place,
    events: options.events,
  }),
  isLive: true,
  isReplayable: true,
  findsPlace: true,
});

const fileOptions = ({
  target,
  id,
  time,
  rate,
  rejected,
  governor,
}: OpenOptions): CsvFileOptions => ({
  rejected,
  ...(target && { target }),
  ...(id && { id }),
  ...(time && { time }),
  ...(rate && { rate }),
  ...(governor && { governor }),
});
