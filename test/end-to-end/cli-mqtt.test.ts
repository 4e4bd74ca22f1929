import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { expect, onTestFinished, test } from 'vitest';
import { hasMosquitto, Mosquitto } from '../node/sources/mqtt/mosquitto.ts';
import { namesIn } from '../node/training/checkpoints/newest-in.ts';
import { endOf, startCli } from './run-cli.ts';
import { startServing } from './start-serving.ts';

const stepAt = async (url: string): Promise<number> => {
  const answer = await fetch(`${url}v1/snapshot`);
  return answer.ok ? ((await answer.json()) as { step: number }).step : 0;
};

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
    expect(stderr).toBe(`rivulet: connected to ${broker.url}\nrivulet: columns: 1 number: a\n`);
    expect(JSON.parse(stdout)).toMatchObject({ samples: 100, rejected: 0, task: 'classification' });
  }, 60_000);

  test.each([
    ['--worker', 1],
    ['--no-worker', 2],
  ])(
    'with a client id and checkpoints a kill loses no message (%s, QoS %d)',
    async (worker, qos) => {
      const broker = await Mosquitto.start();
      onTestFinished(() => broker.remove());
      const folder = mkdtempSync(join(tmpdir(), 'rivulet-cli-mqtt-'));
      onTestFinished(() => rmSync(folder, { recursive: true }));
      const session = ['--client-id', 'learner', '--qos', `${qos}`, '--mqtt-version', '5'];
      const kept = ['--checkpoint', folder, '--checkpoint-every', '3600', worker];
      const args = [`${broker.url}/names`, '--task', 'classification', '--learner', 'network'];
      const start = async () => {
        const serving = await startServing([...args, ...session, ...kept]);
        onTestFinished(() => void serving.child.kill('SIGKILL'));
        return serving;
      };
      const publisher = await connectAsync(broker.url);
      onTestFinished(() => publisher.endAsync(true));
      const publish = async (from: number, to: number): Promise<void> => {
        for (let n = from; n < to; n += 1) {
          const level = qos as 1 | 2;
          await publisher.publishAsync('names', `{"a":${n % 7},"target":"n${n}"}`, { qos: level });
        }
      };
      const first = await start();
      // It is subscribed when it has learned something.
      const timer = setInterval(() => publisher.publish('names', '{"a":0,"target":"n0"}'), 20);
      await expect.poll(() => stepAt(first.url), { timeout: 20_000 }).toBeGreaterThan(0);
      clearInterval(timer);
      await publish(0, 60);
      await expect.poll(() => stepAt(first.url), { timeout: 20_000 }).toBeGreaterThan(10);
      first.child.kill('SIGKILL');
      await first.end;
      await publish(60, 70);
      const second = await start();
      await expect.poll(() => namesIn(folder), { timeout: 20_000 }).toBe(70);
      second.child.kill('SIGTERM');
      expect((await second.end).exitCode).toBe(0);
    },
    60_000,
  );
} else {
  test('mosquitto is not here: the command line is not tried against a broker', () => {});
}
