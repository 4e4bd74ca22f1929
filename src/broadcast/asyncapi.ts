import type { TSchema } from 'typebox';
import { closeCodes } from './close-codes.ts';
import { requestKinds } from './request-table.ts';
import { serverMessages } from './server-messages.ts';

/** The messages that the server sends without a request for each. */
const pushes = [
  'model',
  'history',
  'cost',
  'metrics',
  'predictions',
  'events',
  'errors',
  'reset',
  'hb',
] as const;

const channel = { $ref: '#/channels/stream' };

const reference = (name: string): { $ref: string } => ({
  $ref: `#/channels/stream/messages/${name}`,
});

/** Names differ between the two sides: `hb` is sent by both. */
const clientName = (t: string): string => `client.${t}`;

const messagesOf = (
  schemas: Readonly<Record<string, TSchema>>,
  nameOf: (t: string) => string,
): Record<string, object> =>
  Object.fromEntries(
    Object.entries(schemas).map(([t, payload]) => [
      nameOf(t),
      { name: t, contentType: 'application/json', payload },
    ]),
  );

/** Names of operations that are not those of their messages. */
const operationNames: Readonly<Record<string, string>> = { hb: 'alive' };

const requestOperations = (): Record<string, object> =>
  Object.fromEntries(
    Object.entries(requestKinds).map(([t, { replies }]) => {
      const operation = { action: 'receive', channel, messages: [reference(clientName(t))] };
      // The connection ends where a hello is refused.
      const answers = replies && (t === 'hello' ? replies : [...replies, 'err']);
      const reply = answers && { channel, messages: answers.map(reference) };
      return [operationNames[t] ?? t, { ...operation, ...(reply && { reply }) }];
    }),
  );

const schemas = Object.fromEntries(
  Object.entries(requestKinds).map(([t, { schema }]) => [t, schema]),
);

const closeCodeList = Object.entries(closeCodes)
  .map(([name, code]) => `${code} ${name}`)
  .join(', ');

/** The protocol as an AsyncAPI 3.1 document, made from the schemas that validate at run time. */
export const asyncApi = (host: string): object => ({
  asyncapi: '3.1.0',
  info: {
    title: 'Rivulet model-update stream',
    version: '1.0.0',
    description:
      'Subprotocol rivulet.v1. Binary messages are tensors behind a 64-byte header; PROTOCOL.md has ' +
      `their layout. Close codes: ${closeCodeList}. 4000–4399: come back; 4400–4999: do not.`,
    license: { name: 'MIT' },
  },
  defaultContentType: 'application/json',
  servers: { this: { host, protocol: 'ws' } },
  channels: {
    stream: {
      address: '/v1',
      messages: {
        ...messagesOf(schemas, clientName),
        ...messagesOf(serverMessages, (t) => t),
        frame: {
          name: 'frame',
          contentType: 'application/octet-stream',
          payload: { type: 'string', format: 'binary' },
        },
      },
      bindings: { ws: { bindingVersion: '0.1.0' } },
    },
  },
  operations: {
    ...requestOperations(),
    push: { action: 'send', channel, messages: [...pushes, 'frame'].map(reference) },
  },
});
