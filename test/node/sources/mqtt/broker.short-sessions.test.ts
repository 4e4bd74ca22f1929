import { connectAsync, type MqttClient } from 'mqtt';
import { lastValueFrom } from 'rxjs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ShortSessions } from '../../../../src/node/sources/mqtt/broker.ts';
import { fromMqtt } from '../../../../src/node/sources/mqtt/from-mqtt.ts';
import { hasMosquitto, Mosquitto } from './mosquitto.ts';

test('sessions that are lost soon are counted, and the delay doubles from the third on', () => {
  const sessions = new ShortSessions();
  const delays: number[] = [];
  for (let k = 0; k < 9; k += 1) {
    sessions.connected(k * 1_000);
    sessions.closed(k * 1_000 + 500);
    delays.push(sessions.delayMs);
  }
  expect(sessions.count).toBe(9);
  expect(delays).toEqual([500, 500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000, 8_000]);
});

test('an attempt that fails, or a session that stood for a minute, begins the count anew', () => {
  const sessions = new ShortSessions();
  sessions.connected(0);
  sessions.closed(10);
  expect(sessions.count).toBe(1);
  sessions.closed(600);
  expect(sessions.count).toBe(0);
  sessions.connected(1_000);
  sessions.closed(1_010);
  sessions.connected(2_000);
  sessions.closed(62_000);
  expect([sessions.count, sessions.delayMs]).toEqual([0, 500]);
});

describe.skipIf(!hasMosquitto())('two clients with one id', () => {
  test.each([4, 5] as const)(
    'end with one line that names it, over MQTT %i',
    async (protocolVersion) => {
      const { url } = await Mosquitto.start().then((broker) => {
        onTestFinished(() => broker.remove());
        return broker;
      });
      const options = { clientId: 'twin', protocolVersion, shortSessionsMax: 3 };
      const source = lastValueFrom(fromMqtt(url, { ...options, topics: 'a' }));
      const ended = expect(source).rejects.toThrow(
        /^mqtt:\/\/127\.0\.0\.1:\d+ has ended 3 connections in a row .*clientId 'twin'/,
      );
      const other: MqttClient = await connectAsync(url, {
        ...{ clientId: 'twin', protocolVersion, clean: false, reconnectPeriod: 50 },
      });
      await ended;
      await other.endAsync(true);
    },
  );
});
