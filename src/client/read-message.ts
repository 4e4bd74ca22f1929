import type { ModelInfo, ServerMessage } from '../broadcast/server-messages.ts';
import { mismatch, type Pattern } from './mismatch.ts';

/** A server said what this protocol does not have. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
}

/** The points of a history that a client takes: no server that keeps to the protocol has more. */
export const pointsMax = 10_000;

/** Characters of a message that a client takes, and of an entry of a log, of which programs keep many. */
const [charsMax, entryCharsMax] = [67_108_864, 262_144];

/** What more points than {@link pointsMax} are. */
export const tooManyPoints = (): ProtocolError =>
  new ProtocolError(`history has more than ${pointsMax} points`);

const isPoint = (value: unknown): boolean =>
  mismatch([null], value, '') === undefined &&
  (value as unknown[]).length === 4 &&
  (value as unknown[])[0] !== null;

const isNameOrNumber = (value: unknown): boolean =>
  typeof value === 'string' || mismatch(null, value, '') === undefined;

const model = {
  name: '',
  schema: '',
  params: 0,
  tensors: [{ name: '', shape: [0], offset: 0 }],
  'classes?': [''],
  'features?': [{ name: '', kind: '' }],
  'inputs?': 0,
  'outputs?': 0,
  'source?': { name: '', replayable: true },
} satisfies Pattern;

const epoch = { epoch: '', epochTag: '', model, step: 0 } satisfies Pattern;
const entry = { sid: 0, seq: 0, at: 0.5, message: '' } satisfies Pattern;
const state = { sid: 0, seq: 0, prev: 0, step: 0, at: 0.5 } satisfies Pattern;
const measures = { '*': null } satisfies Pattern;

const patterns: Readonly<Record<ServerMessage['t'], Pattern>> = {
  welcome: {
    ...epoch,
    v: 0,
    session: '',
    'instance?': '',
    models: [''],
    roles: [''],
    limits: { '*': 0.5 },
    hb: 0.5,
    caps: [''],
  },
  model: epoch,
  ok: { id: 0, 'sid?': 0, 'epoch?': '', 'seq?': 0, 'recovered?': true, 'maxHz?': 0.5 },
  pred: { id: 0, y: [[null]], 'labels?': [''], epoch: '', step: 0 },
  explained: {
    id: 0,
    contributions: [[{ '*': null }]],
    'classes?': [''],
    epoch: '',
    step: 0,
  },
  fed: {
    id: 0,
    'upTo?': 0,
    dup: 0,
    rejected: [{ i: 0, code: '', 'message?': '' }],
    step: 0,
    credit: 0,
  },
  err: { 'id?': 0, code: '', message: '', 'retryMs?': 0.5, 'upTo?': 0 },
  hb: {},
  history: { sid: 0, points: [isPoint], last: true },
  cost: {
    ...state,
    n: 0,
    sum: 0.5,
    sumSquares: 0.5,
    windowed: { n: 0, mean: null, min: null, max: null },
    nonFinite: 0,
  },
  metrics: {
    ...state,
    samplesPerSecond: 0.5,
    lag: 0.5,
    dropped: 0,
    rejected: 0,
    metrics: measures,
    baseline: measures,
    layers: [{ name: '', updateRatio: null, 'gradientNorm?': null, 'deadUnits?': 0 }],
    process: { rss: 0.5, eventLoopDelay: 0.5 },
    viewers: 0,
    subscribers: { live: 0, conflated: 0, lagged: 0 },
  },
  predictions: {
    ...state,
    seen: 0,
    items: [
      {
        step: 0,
        'id?': '',
        x: [null],
        'y?': isNameOrNumber,
        prediction: [null],
        cost: null,
      },
    ],
  },
  events: { ...entry, step: 0, kind: '', 'detail?': {} },
  errors: { ...entry, index: 0, 'id?': '', code: '', suppressed: 0 },
  reset: { sid: 0, missed: 0, reason: '' },
};

/** The lengths of the tensors of a model. */
export const tensorLengths = ({ tensors }: ModelInfo): number[] =>
  tensors.map(({ shape }) => shape.reduce((all, size) => all * size, 1));

/** Tensors lie one after another without a gap, and are all of the parameters. */
const isLaidOut = (info: ModelInfo): boolean => {
  let end = 0;
  for (const [index, length] of tensorLengths(info).entries()) {
    if (info.tensors[index]!.offset !== end) return false;
    end += length;
  }
  return end === info.params;
};

/**
 * Reads a text message; throws a {@link ProtocolError} with what is wrong. Undefined for a message of
 * an unknown kind, which a newer server may send.
 */
export const readMessage = (text: string): ServerMessage | undefined => {
  if (text.length > charsMax) throw new ProtocolError('a message is too large');
  const message = parsed(text);
  const { t } = message;
  if ((t === 'events' || t === 'errors') && text.length > entryCharsMax) {
    throw new ProtocolError(`an entry of ${t} is too large`);
  }
  if (!Object.hasOwn(patterns, t)) return undefined;
  const place = mismatch(patterns[t], message, t);
  if (place !== undefined)
    throw new ProtocolError(`${place.slice(0, 100)} is missing or malformed`);
  if ('model' in message && !isLaidOut(message.model)) {
    throw new ProtocolError(`${t}.model.tensors do not add up to the parameters`);
  }
  if (message.t === 'history' && message.points.length > pointsMax) {
    throw tooManyPoints();
  }
  return message;
};

const parsed = (text: string): ServerMessage => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ProtocolError('a message is not JSON');
  }
  if (mismatch({ t: '' }, value, '') === undefined) return value as ServerMessage;
  throw new ProtocolError('a message has no kind');
};
