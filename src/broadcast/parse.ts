import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import {
  Ack,
  Admin,
  ClientHeartbeat,
  Feed,
  Hello,
  Predict,
  type Request,
  Subscribe,
  Unsubscribe,
} from './client-messages.ts';

/** A `feed` whose samples have not been read: a bad one is rejected by itself. */
export type FeedEnvelope = Omit<Feed, 'samples'> & { readonly samples: readonly unknown[] };

/** A `predict` whose rows have not been read: a bad one is an error of the request alone. */
export type PredictEnvelope = Omit<Predict, 'x' | 'features'> & {
  readonly x?: readonly unknown[];
  readonly features?: readonly unknown[];
};

/** Any message of a client. */
export type ClientMessage =
  | Hello
  | Exclude<Request, Feed | Predict>
  | FeedEnvelope
  | PredictEnvelope
  | { readonly t: 'hb' };

const FeedEnvelopeSchema = Type.Object({
  ...Feed.properties,
  samples: Type.Array(Type.Unknown(), { minItems: 1 }),
});

const PredictEnvelopeSchema = Type.Object({
  ...Predict.properties,
  x: Type.Optional(Type.Array(Type.Unknown(), { minItems: 1 })),
  features: Type.Optional(Type.Array(Type.Unknown(), { minItems: 1 })),
});

const validators = {
  hello: Compile(Hello),
  sub: Compile(Subscribe),
  ack: Compile(Ack),
  unsub: Compile(Unsubscribe),
  hb: Compile(ClientHeartbeat),
  predict: Compile(PredictEnvelopeSchema),
  feed: Compile(FeedEnvelopeSchema),
  admin: Compile(Admin),
} as const;

/** A message that no client of this protocol sends. */
export class BadMessage extends Error {
  override readonly name = 'BadMessage';
}

/** Reads a text message; throws a {@link BadMessage} that says what is wrong with it. */
export const parseClientMessage = (text: string): ClientMessage => {
  const message = parseJson(text);
  const kind = typeof message === 'object' && message !== null ? Reflect.get(message, 't') : null;
  if (typeof kind !== 'string' || !Object.hasOwn(validators, kind)) {
    throw new BadMessage(`unknown message ${JSON.stringify(kind)?.slice(0, 40)}`);
  }
  const validator = validators[kind as keyof typeof validators];
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
