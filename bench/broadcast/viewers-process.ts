import { WebSocket } from 'ws';
import type { ViewersOrder } from './viewers.ts';

let messages = 0;
let bytes = 0;
let open = 0;
const joinMs: number[] = [];
const sockets = new Set<WebSocket>();

const tell = (): void => {
  const { user, system } = process.cpuUsage();
  process.send?.({ open, messages, bytes, joinMs, cpuMs: (user + system) / 1000 });
};

/** A viewer that acknowledges what it gets, and does nothing else. */
const view = (order: Extract<ViewersOrder, { op: 'open' }>): Promise<void> =>
  new Promise((resolve) => {
    const { url, topics, maxHz, reads, enc = 'q8', window } = order;
    const start = performance.now();
    const socket = new WebSocket(url, ['rivulet.v1'], { perMessageDeflate: false });
    sockets.add(socket);
    const first = (): void => {
      joinMs.push(performance.now() - start);
      resolve();
    };
    let isWhole = false;
    socket.on('open', () => {
      open += 1;
      socket.send('{"t":"hello","v":1}');
      for (const [id, topic] of topics.entries()) {
        socket.send(JSON.stringify({ t: 'sub', id, topic, maxHz, enc, window }));
      }
      if (reads) return;
      socket.pause();
      resolve();
    });
    socket.on('message', (data: Buffer, isBinary) => {
      messages += 1;
      bytes += data.length;
      if (isBinary) {
        const sid = data.readUInt32LE(8);
        socket.send(`{"t":"ack","sid":${sid},"seq":${data.readBigUInt64LE(24)}}`);
        if (!isWhole) first();
        isWhole = true;
        return;
      }
      if (topics[0] === 'events') {
        if (isWhole || !data.includes('"t":"ok"')) return;
        isWhole = true;
        first();
        return;
      }
      const found = /^\{"t":"(?:cost|metrics|predictions)","sid":(\d+),"seq":(\d+)/.exec(
        data.toString('latin1', 0, 80),
      );
      if (found) socket.send(`{"t":"ack","sid":${found[1]},"seq":${found[2]}}`);
    });
    socket.on('error', () => {});
  });

const plain = (url: string): Promise<void> =>
  new Promise((resolve) => {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    socket.on('open', () => {
      open += 1;
      resolve();
    });
    socket.on('message', (data: Buffer) => {
      messages += 1;
      bytes += data.length;
    });
    socket.on('error', () => {});
  });

const obey = async (order: ViewersOrder): Promise<void> => {
  if (order.op === 'open') {
    for (let i = 0; i < order.count; i += 50) {
      const some = Math.min(50, order.count - i);
      await Promise.all(Array.from({ length: some }, () => view(order)));
    }
  } else if (order.op === 'plain') {
    await Promise.all(Array.from({ length: order.count }, () => plain(order.url)));
  } else if (order.op === 'leave') {
    for (const socket of sockets) socket.terminate();
    open -= sockets.size;
    sockets.clear();
  }
};

process.on('message', (order: ViewersOrder) => {
  obey(order).then(tell, () => process.exit(1));
});
process.on('disconnect', () => process.exit());
