import { connectAsync } from 'mqtt';
import { expect, test } from 'vitest';
import { hasMosquitto, Mosquitto } from '../node/mqtt/mosquitto.ts';
import { endOf, startCli } from './run-cli.ts';

if (hasMosquitto()) {
  test('an address is a broker and a topic filter, wildcards included', async () => {
    const broker = await Mosquitto.start();
    const options = ['-n', '100', '--task', 'classification', '--target', 'y', '--json'];
    const child = startCli(['learn', `${broker.url}/rows/+/#`, ...options]);
    const end = endOf(child);
    const publisher = await connectAsync(broker.url);
    let count = 0;
    const timer = setInterval(() => {
      count += 1;
      publisher.publish('rows/a/b', JSON.stringify({ a: count % 5, y: count % 2 }), { qos: 1 });
      publisher.publish('other', '{"a":1,"y":7}', { qos: 1 });
    }, 5);
    const { exitCode, stdout, stderr } = await end;
    clearInterval(timer);
    await publisher.endAsync(true);
    await broker.remove();
    expect(exitCode).toBe(0);
    expect(stderr).toBe(`rivulet: connected to ${broker.url}\n`);
    expect(JSON.parse(stdout)).toMatchObject({ samples: 100, rejected: 0, task: 'classification' });
  }, 60_000);
} else {
  test('mosquitto is not here: the command line is not tried against a broker', () => {});
}
