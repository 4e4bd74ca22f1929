import type { ModelInfo, ServerMessage } from '../broadcast/server-messages.ts';

/**
 * What a value from outside must be, shown by an example: '' is a text, 0 a whole number from 0, 0.5 a
 * finite number, null such a number or null, true a boolean, ['…'] a list, {…} an object with at least
 * these fields (a name that ends with ? may be absent; * stands for all names).
 */
type Pattern =
  | string
  | number
  | boolean
  | null
  | readonly [Pattern]
  | ((value: unknown) => boolean)
  | { readonly [name: string]: Pattern };

const kindOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value;

/** Where a value differs from a pattern, such as `model.tensors.0.shape`; undefined: nowhere. */
const mismatch = (pattern: Pattern, value: unknown, path: string): string | undefined => {
  let isRight = kindOf(pattern) === kindOf(value);
  if (typeof pattern === 'function') isRight = pattern(value);
  else if (typeof pattern === 'number') isRight = isNumber(value, pattern);
  else if (pattern === null) isRight = value === null || isNumber(value, 0.5);
  if (!isRight) return path;
  if (typeof pattern !== 'object' || pattern === null) return undefined;
  for (const [name, inner] of Object.entries(pattern)) {
    const found = mismatchOfField(name, inner, [value as Record<string, unknown>, path]);
    if (found !== undefined) return found;
  }
  return undefined;
};

const isNumber = (value: unknown, pattern: number): boolean =>
  pattern === 0 ? Number.isInteger(value) && (value as number) >= 0 : Number.isFinite(value);

const mismatchOfField = (
  name: string,
  pattern: Pattern,
  [value, path]: [Record<string, unknown>, string],
): string | undefined => {
  if (Array.isArray(value) || name === '*') {
    for (const key of Object.keys(value)) {
      const found = mismatch(pattern, value[key], `${path}.${key}`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  const key = name.replace('?', '');
  if (key !== name && value[key] === undefined) return undefined;
  return mismatch(pattern, value[key], `${path}.${key}`);
};

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

const unknown = { 'unknown?': { names: [''], known: [''] } } satisfies Pattern;

const isNamed = (value: unknown): boolean =>
  [
    { 'label?': '', probabilities: { '*': null }, ...unknown },
    { value: null, 'interval?': { low: null, high: null }, ...unknown },
  ].some((pattern) => mismatch(pattern, value, '') === undefined);

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
  'source?': { name: '', replayable: true, 'ended?': '' },
  'frozen?': true,
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
  pred: { id: 0, y: [[null]], 'labels?': [''], 'named?': [isNamed], epoch: '', step: 0 },
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
