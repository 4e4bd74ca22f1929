import { execFileSync, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { broadcaster } from '../../src/node/broadcaster.ts';
import { connect } from '../../src/node/connect.ts';
import { serve } from '../../src/node/serve.ts';
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

  test('is told not to come back when its token is wrong', async () => {
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
