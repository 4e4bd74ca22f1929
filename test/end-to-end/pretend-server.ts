import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { crc32 } from '../../src/broadcast/crc32.ts';
import { dtypes, encodeHeader, frameKinds } from '../../src/broadcast/frame.ts';
import { sendFile } from '../../src/node/server/static-files.ts';

const epochTag = '0011223344556677';
const params = 8 * 64 + 8;
const tensors = [
  { name: 'l0.W', shape: [8, 64], offset: 0 },
  { name: 'l0.b', shape: [8], offset: 512 },
];

/** A server of the page that says as much and as fast as a test wants. */
export class PretendServer implements AsyncDisposable {
  readonly #http: Server;
  readonly #sids = new Map<string, number>();
  readonly #before = new Map<string, number>();
  #socket: WebSocket | undefined;
  #seq = 0;

  /** Serves the page of that folder on a free port, to one viewer. */
  constructor(folder: string) {
    this.#http = createServer(({ url: path = '/' }, response) => {
      void sendFile(response, { page: folder, path, ancestors: "'none'", answerMs: 5_000 }).then(
        (isFile) => {
          if (!isFile) response.writeHead(404).end();
        },
      );
    }).listen(0, '127.0.0.1');
    const sockets = new WebSocketServer({ server: this.#http, path: '/v1' });
    sockets.on('connection', (socket) => {
      this.#socket = socket;
      socket.on('message', (message) => this.#answer(JSON.parse(String(message))));
    });
  }

  /** Its address, once it listens. */
  async url(): Promise<string> {
    if (!this.#http.listening) await once(this.#http, 'listening');
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}/`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket?.terminate();
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  /** One version of everything, after a number of steps. */
  publish(step: number, { nonFinite = 0 } = {}): void {
    this.#seq += 1;
    const mean = 1 / Math.sqrt(step);
    const windowed = { n: 100, mean, min: mean / 3, max: mean * 3 };
    this.#say('cost', step, { n: step, sum: step * mean, sumSquares: 1, windowed, nonFinite });
    this.#say('metrics', step, {
      ...{ samplesPerSecond: 500, lag: 0, dropped: 0, rejected: 0, layers: [] },
      metrics: { accuracy: 1 - mean },
      baseline: { accuracy: 0.1 },
      process: { rss: 1e8, eventLoopDelay: 1 },
      viewers: 1,
      subscribers: { live: 1, conflated: 0, lagged: 0 },
    });
    const x = Array.from({ length: 64 }, (_, i) => (i * step) % 17);
    const items = [{ step, x, y: String(step % 3), prediction: [0.2, 0.5, 0.3], cost: mean }];
    this.#say('predictions', step, { seen: step, items });
    this.#weights(step);
  }

  #answer({ t, id, topic }: { t: string; id: number; topic: string }): void {
    if (t === 'hello') this.#send(welcome);
    if (t !== 'sub') return;
    this.#sids.set(topic, id);
    this.#send({ t: 'ok', id, sid: id, epoch: 'E', seq: 0, recovered: false });
  }

  #say(topic: string, step: number, fields: object): void {
    const sid = this.#sids.get(topic);
    const prev = this.#before.get(topic) ?? 0;
    this.#send({ t: topic, sid, seq: this.#seq, prev, step, at: Date.now(), ...fields });
    this.#before.set(topic, this.#seq);
  }

  #weights(step: number): void {
    const values = Float32Array.from({ length: params }, (_, i) => Math.sin(i + step / 50));
    const payload = new Uint8Array(values.buffer);
    const body = { kind: frameKinds.keyframe, dtype: dtypes.f32, epochTag, seq: this.#seq, step };
    const frame = { ...body, at: Date.now(), params, crc: crc32(payload), payload };
    const prev = this.#before.get('weights') ?? 0;
    const header = encodeHeader(frame, this.#sids.get('weights') ?? 0, prev);
    this.#socket?.send(Buffer.concat([header, payload]));
    this.#before.set('weights', this.#seq);
  }

  #send(message: object): void {
    this.#socket?.send(JSON.stringify(message));
  }
}

const welcome = {
  ...{ t: 'welcome', v: 1, session: 's', epoch: 'E', epochTag, models: ['m'], step: 0 },
  ...{ roles: ['read'], limits: {}, hb: 10_000, caps: [] },
  model: { name: 'm', schema: 'sha256:', params, tensors, classes: ['0', '1', '2'] },
};
