import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { type BrokerOptions, openBroker } from '../../../../src/node/sources/mqtt/broker.ts';

/** The first packet that a pretend broker gets. */
const greeting = async (options: BrokerOptions): Promise<Buffer> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const { close } = openBroker(`mqtt://127.0.0.1:${port}`, options, {
    connected() {},
    failed() {},
  });
  const [socket] = (await once(server, 'connection')) as [Socket];
  onTestFinished(() => {
    void close();
    socket.destroy();
    server.close();
  });
  const [packet] = (await once(socket, 'data')) as [Buffer];
  return packet;
};

const versionAt = 8;
/** Properties of MQTT 5, by their identifiers (section 2.2.2.2). */
const receiveMaximum = (count: number): Buffer => Buffer.of(0x21, count >> 8, count & 255);
const aDay = Buffer.of(0x11, 0x00, 0x01, 0x51, 0x80);

test('MQTT 5 sends the receive maximum and the session expiry', async () => {
  const packet = await greeting({ protocolVersion: 5, clientId: 'me', receiveMaximum: 300 });
  expect(packet[versionAt]).toBe(5);
  expect(packet.includes(receiveMaximum(300))).toBe(true);
  expect(packet.includes(aDay)).toBe(true);
});

test('a session without a name ends with its connection', async () => {
  const packet = await greeting({ protocolVersion: 5 });
  expect(packet.includes(receiveMaximum(1_000))).toBe(true);
  expect(packet.includes(aDay)).toBe(false);
});

test('MQTT 3.1.1 is spoken unless another version is requested', async () => {
  const packet = await greeting({});
  expect(packet[versionAt]).toBe(4);
});
