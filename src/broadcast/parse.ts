import { Compile } from 'typebox/compile';
import type { Hello } from './client-messages.ts';
import { type RequestName, requestKinds } from './request-table.ts';

/** A message that has the form of its kind. */
export type ClientMessage =
  | Hello
  | { readonly t: Exclude<RequestName, 'hello'>; readonly id?: number };

/** Compiled once: most messages are validated thousands of times. */
const validators = new Map(
  Object.entries(requestKinds).map(([t, { schema, envelope = schema }]) => [t, Compile(envelope)]),
);

/** A message that no client of this protocol sends. */
export class BadMessage extends Error {
  override readonly name = 'BadMessage';
}

/** Reads a text message; throws a {@link BadMessage} that says what is wrong with it. */
export const parseClientMessage = (text: string): ClientMessage => checked(parseJson(text));

/** A message that has been parsed. Throws a {@link BadMessage} that says what is wrong with it. */
export const checked = (message: unknown): ClientMessage => {
  const kind = typeof message === 'object' && message !== null ? Reflect.get(message, 't') : null;
  const validator = typeof kind === 'string' ? validators.get(kind) : undefined;
  if (validator === undefined) {
    throw new BadMessage(`unknown message ${JSON.stringify(kind)?.slice(0, 40)}`);
  }
  if (validator.Check(message)) return message as ClientMessage;
  const [error] = validator.Errors(message);
  throw new BadMessage(`${kind}${error?.instancePath ?? ''}: ${error?.message ?? 'is malformed'}`);
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new BadMessage('not JSON');
  }
};
