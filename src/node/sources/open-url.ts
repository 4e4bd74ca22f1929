import { defer, from, type Observable, switchMap } from 'rxjs';
import type { Example } from '../../sources/example.ts';
import { SourceError } from '../../sources/source-error.ts';
import { noneBuffered } from '../../stream/waiting.ts';
import { hasSecondCore } from '../threads/start-thread.ts';
import type { FromMqttOptions } from './mqtt/from-mqtt.ts';
import type { OpenedSource } from './opened-source.ts';
import { refusePassword } from './refuse-password.ts';
import { fromHttp } from './sockets/from-http.ts';
import { fromWebSocket } from './sockets/from-web-socket.ts';
import { type AddressKind, kindOfScheme, schemeOf } from './source-kind.ts';
import type { OpenOptions } from './source-options.ts';

/** Opens a source by its address. */
export const openUrl = (url: string, options: OpenOptions): OpenedSource => {
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
