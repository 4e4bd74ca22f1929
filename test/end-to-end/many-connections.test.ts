import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { eventually } from '../eventually.ts';
import { toyServer } from './toy-server.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const connections = 10_000;

/** Opens `count` connections and holds them; says how many were let in, refused and cut. */
const flood = `
const { connect } = require('node:net');
const [port, count] = process.argv.slice(1).map(Number);
const upgrade = 'GET / HTTP/1.1\\r\\nHost: 127.0.0.1\\r\\nConnection: Upgrade\\r\\nUpgrade: websocket\\r\\n' +
  'Sec-WebSocket-Version: 13\\r\\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\\r\\n' +
  'Sec-WebSocket-Protocol: rivulet.v1\\r\\n\\r\\n';
const seen = { in: 0, refused: 0, cut: 0, none: 0 };
const tell = () => {
  if (seen.in + seen.refused + seen.cut + seen.none === count) console.log(JSON.stringify(seen));
};
for (let i = 0; i < count; i += 1) {
  const socket = connect(port, '127.0.0.1', () => socket.write(upgrade));
  let outcome;
  const settle = (name) => {
    if (outcome) return;
    outcome = name;
    seen[name] += 1;
    tell();
  };
  socket.once('data', (data) => settle(String(data).includes(' 101 ') ? 'in' : 'refused'));
  socket.on('error', ({ code }) => settle(code === 'EMFILE' ? 'none' : 'cut'));
  socket.on('close', () => settle('cut'));
}
process.stdin.resume().on('end', () => process.exit());
`;

test('ten thousand connections at once: as many as the limit are accepted, and these keep working', async () => {
  const limit = 2_000;
  const { server, port, shown, join } = await toyServer({ connections: limit, helloMs: 60_000 });
  closing.push(() => server.close());
  const viewer = await join();
  viewer.say({ t: 'sub', id: 1, topic: 'cost', maxHz: 30 });
  await viewer.next('cost');
  const child = spawn(process.execPath, ['-e', flood, String(port), String(connections)]);
  closing.push(() => child.kill('SIGKILL'));
  const said = once(child.stdout, 'data');
  let asked = 0;
  const asking = setInterval(() => {
    asked += 1;
    viewer.say({ t: 'predict', id: asked, x: [[0, 1]] });
  }, 20);
  const seen = JSON.parse(String((await said)[0])) as Record<string, number>;
  clearInterval(asking);
  // If the limit of open files is lower, there are fewer connections.
  const tried = connections - seen['none']!;
  expect(tried).toBeGreaterThan(limit);
  expect(seen['in']).toBe(limit - 1);
  expect(seen['refused']! + seen['cut']!).toBe(tried - limit + 1);
  expect(server.connectionCount).toBe(limit);
  const answered = () => viewer.messages.filter(({ t }) => t === 'pred').length;
  await eventually(() => expect(answered()).toBe(asked));
  expect(shown.step).toBe(1);
  child.kill('SIGKILL');
  await eventually(() => expect(server.connectionCount).toBe(1));
  const { next } = await join();
  await next('welcome');
}, 60_000);
