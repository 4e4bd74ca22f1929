import { defer, from, type Observable, switchMap } from 'rxjs';
import type { Example } from '../../../sources/example.ts';
import { SourceError } from '../../../sources/source-error.ts';
import { hasSecondCore } from '../../threads/start-thread.ts';
import type { FromMqttOptions } from '../mqtt/from-mqtt.ts';
import type { OpenedSource } from '../opened-source.ts';
import type { OpenOptions } from '../source-options.ts';
import { addressed, addressOptions, live } from './address.ts';
import type { NamedSource } from './named-source.ts';

/** The messages of an MQTT broker. */
export const broker: NamedSource = {
  title: 'a broker (mqtt://)',
  schemes: ['mqtt', 'mqtts'],
  options: [...addressOptions, 'topic', 'clientId', 'qos', 'mqttVersion'],
  open: ([url = ''], options) => openMqtt(url, options),
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
  const mqttOptions = { ...addressed(options), ...session, topics, thread: hasSecondCore };
  return live(url, loadMqtt(broker, mqttOptions));
};

/** The library is there only where somebody wants it. */
const loadMqtt = (broker: string, options: FromMqttOptions): Observable<Example> =>
  defer(() =>
    from(
      import('../mqtt/from-mqtt.ts').catch(() => {
        throw new SourceError('mqtt is not installed: npm install mqtt');
      }),
    ).pipe(switchMap(({ fromMqtt }) => fromMqtt(broker, options))),
  );
