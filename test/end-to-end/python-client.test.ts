import { execFileSync, spawn } from 'node:child_process';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { broadcaster } from '../../src/node/server/broadcaster.ts';
import { connect } from '../../src/node/server/connect.ts';
import { serve } from '../../src/node/server/serve.ts';
import { snapshotAt } from '../broadcast/snapshots.ts';

const python = '/usr/bin/python3';
const program = fileURLToPath(new URL('../../clients/python/rivulet_client.py', import.meta.url));

const isThere = ((): boolean => {
  try {
    execFileSync(python, ['-c', 'import websockets'], { stdio: 'ignore' });
    return true;
  } catch {
    if (process.env['CI']) throw new Error('CI needs python3-websockets');
    console.info('left out: python3 with python3-websockets is not installed');
    return false;
  }
})();

interface Line {
  readonly seq?: number;
  readonly step: number;
  readonly bits?: string;
  readonly n?: number;
  readonly sum?: number;
  readonly total?: number;
}

describe.runIf(isThere)('the client in Python', () => {
  test.each(['f32', 'q8', 'xor'] as const)(
    'has the bits of another client, and J_total, with %s',
    async (enc) => {
      const model = broadcaster({ name: 'digits' });
      model.publish(snapshotAt(1));
      const server = await serve(model, { port: 0 });
      const connection = connect(server.url, { topics: { weights: { enc } } });
      const bits = new Map<number, string>();
      connection.weights.subscribe(({ seq, parameters }) => {
        bits.set(seq, Buffer.from(parameters.buffer).toString('hex'));
      });
      let step = 1;
      const timer = setInterval(() => model.publish(snapshotAt(++step)), 20);
      const child = spawn(python, [program, server.url, '--enc', enc, '--json', '--frames', '12']);
      const lines: Line[] = [];
      const errors: Buffer[] = [];
      child.stderr.on('data', (data: Buffer) => errors.push(data));
      for await (const line of createInterface({ input: child.stdout })) {
        lines.push(JSON.parse(line) as Line);
      }
      clearInterval(timer);
      connection.close();
      await server.close();
      expect(Buffer.concat(errors).toString()).toBe('');
      const costs = lines.filter(({ n }) => n !== undefined);
      expect(costs.length).toBeGreaterThanOrEqual(12);
      for (const { step: at, n, sum, total } of costs) {
        const { cost } = snapshotAt(at);
        expect([n, sum, total]).toEqual([cost.count, cost.sum, cost.sum / cost.count]);
      }
      const both = lines.filter(({ seq }) => seq !== undefined && bits.has(seq));
      expect(both.length).toBeGreaterThan(5);
      for (const { seq, bits: shown } of both) expect(shown).toBe(bits.get(seq!));
    },
  );

  test('outlives a server that does not keep to the protocol', async () => {
    const welcome = {
      ...{ t: 'welcome', v: 1, hb: 1e-9, epoch: 'E', epochTag: '0'.repeat(16) },
      model: { name: 'm', params: 1, tensors: [{ name: 'W', shape: [1], offset: 0 }] },
    };
    const ok = (id: number, sid: number) => JSON.stringify({ t: 'ok', id, sid, seq: 0 });
    const scripts: (string | Buffer)[][] = [
      ['{"t":"welcome","hb":1e999,"epoch":"E"}'],
      ['{'],
      [
        ...[JSON.stringify(welcome), ok(1, 1), ok(2, 2), '{"t":"new kind"}'],
        ...[Buffer.alloc(3), Buffer.alloc(64), '{"t":"cost","sid":1,"seq":1,"prev":0,"step":"x"}'],
      ],
    ];
    const server = new WebSocketServer({ port: 0 });
    let connections = 0;
    const all = new Promise<void>((resolve) => {
      server.on('connection', (socket) => {
        socket.on('error', () => {});
        for (const data of scripts[connections] ?? []) socket.send(data);
        connections += 1;
        if (connections > scripts.length) resolve();
      });
    });
    const { port } = server.address() as AddressInfo;
    const child = spawn(python, [program, `ws://127.0.0.1:${port}/`]);
    const errors: Buffer[] = [];
    child.stderr.on('data', (data: Buffer) => errors.push(data));
    const ended = new Promise((resolve) => child.on('close', resolve));
    await Promise.race([all, ended]);
    child.kill();
    await ended;
    server.close();
    for (const socket of server.clients) socket.terminate();
    expect(Buffer.concat(errors).toString().trim().split('\n')).toEqual([
      'protocol error: model is missing or malformed',
      'protocol error: a message is not JSON',
      'protocol error: step is missing or malformed',
    ]);
    expect(connections).toBe(scripts.length + 1);
  }, 30_000);

  test('gets a final close code when its token is wrong', async () => {
    const model = broadcaster({ name: 'digits' });
    const server = await serve(model, { port: 0, tokens: [{ token: 'right' }] });
    const child = spawn(python, [program, server.url, '--json']);
    const errors: Buffer[] = [];
    child.stderr.on('data', (data: Buffer) => errors.push(data));
    const code = await new Promise((resolve) => child.on('close', resolve));
    await server.close();
    expect(Buffer.concat(errors).toString()).toContain('4401 a valid token is needed');
    expect(code).toBe(1);
  });
});
