import { type Static, Type } from 'typebox';

const Count = Type.Integer({ minimum: 0 });
const Sid = Type.Integer({ minimum: 1, maximum: 0xffffffff });
const Milliseconds = Type.Number({ description: 'Since the Unix epoch.' });
const NumberOrNull = Type.Union([Type.Number(), Type.Null()]);
const Measures = Type.Record(Type.String(), NumberOrNull);

const state = { sid: Sid, seq: Count, prev: Count, step: Count, at: Milliseconds };

/** The cost so far: sums over all samples, so that a mean between any two frames is exact. */
export const CostFrame = Type.Object({
  t: Type.Literal('cost'),
  ...state,
  n: Count,
  sum: Type.Number(),
  sumSquares: Type.Number(),
  windowed: Type.Object({ n: Count, mean: NumberOrNull, min: NumberOrNull, max: NumberOrNull }),
  nonFinite: Count,
});
export type CostFrame = Static<typeof CostFrame>;

/** How the learner, the process and the subscribers are doing. */
export const MetricsFrame = Type.Object({
  t: Type.Literal('metrics'),
  ...state,
  samplesPerSecond: Type.Number(),
  lag: Type.Number({ description: 'Samples that wait to be learned.' }),
  dropped: Type.Integer({ minimum: 0, description: 'Samples dropped because a buffer was full.' }),
  rejected: Count,
  metrics: Measures,
  baseline: Measures,
  layers: Type.Array(
    Type.Object({
      name: Type.String(),
      updateRatio: NumberOrNull,
      gradientNorm: Type.Optional(
        Type.Union([Type.Number(), Type.Null()], {
          description: '√(mean ‖∂J/∂W‖²) over a few of the newest samples.',
        }),
      ),
      deadUnits: Type.Optional(
        Type.Integer({
          minimum: 0,
          description: 'Hidden units of no use to any of the last 200 samples that were looked at.',
        }),
      ),
    }),
  ),
  process: Type.Object({ rss: Type.Number(), eventLoopDelay: Type.Number() }),
  viewers: Type.Integer({ minimum: 0, description: 'Connections that look at this model.' }),
  subscribers: Type.Object({ live: Count, conflated: Count, lagged: Count }),
});
export type MetricsFrame = Static<typeof MetricsFrame>;

/** A prediction beside its truth. */
export const PredictionItem = Type.Object({
  step: Count,
  id: Type.Optional(Type.String()),
  x: Type.Array(NumberOrNull),
  y: Type.Optional(Type.Union([Type.Number(), Type.String(), Type.Null()])),
  prediction: Type.Array(NumberOrNull),
  cost: NumberOrNull,
});
export type PredictionItem = Static<typeof PredictionItem>;

/** The newest few predictions, of all that were `seen`. */
export const PredictionsFrame = Type.Object({
  t: Type.Literal('predictions'),
  ...state,
  seen: Count,
  items: Type.Array(PredictionItem),
});
export type PredictionsFrame = Static<typeof PredictionsFrame>;

/** Something that happened once. */
export const EventEntry = Type.Object({
  t: Type.Literal('events'),
  sid: Sid,
  seq: Count,
  at: Milliseconds,
  step: Count,
  kind: Type.Enum([
    'drift',
    'checkpoint',
    'epoch',
    'error',
    'config',
    'rollback',
    'mix',
    'overload',
  ]),
  message: Type.String(),
  detail: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
});
export type EventEntry = Static<typeof EventEntry>;

/** A sample that was refused; `suppressed` others before it were not reported one by one. */
export const ErrorEntry = Type.Object({
  t: Type.Literal('errors'),
  sid: Sid,
  seq: Count,
  at: Milliseconds,
  index: Count,
  id: Type.Optional(Type.String()),
  code: Type.Enum(['shape', 'value', 'label', 'parse']),
  message: Type.String(),
  suppressed: Count,
});
export type ErrorEntry = Static<typeof ErrorEntry>;

/** A log has dropped `missed` entries before this subscriber had them. */
export const Reset = Type.Object({
  t: Type.Literal('reset'),
  sid: Sid,
  missed: Count,
  reason: Type.Literal('lagged'),
});
export type Reset = Static<typeof Reset>;

/** A part of the curve that `history` asked for: step, mean, least and largest J of each stretch. */
export const History = Type.Object({
  t: Type.Literal('history'),
  sid: Sid,
  points: Type.Array(Type.Tuple([Type.Number(), NumberOrNull, NumberOrNull, NumberOrNull])),
  last: Type.Boolean(),
});
export type History = Static<typeof History>;
