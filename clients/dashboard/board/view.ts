import type {
  CostFrame,
  ErrorEntry,
  EventEntry,
  MetricsFrame,
  PredictionItem,
} from '../../../src/client/index.ts';

/** How the connection is, in the few cases that people tell apart. */
export type Link =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  | { readonly kind: 'waiting'; readonly retryAt: number; readonly reason: string }
  | { readonly kind: 'stopped'; readonly reason: string };

/** What is said about the model as a whole. */
export interface ModelFacts {
  readonly name: string;
  readonly epoch: string;
  readonly parameters: number;
  readonly classes: readonly string[];
  readonly source: string;
  /** Why no more samples come; absent while they may. */
  readonly ended?: string;
  /** It predicts and does not learn. */
  readonly isFrozen: boolean;
}

/** The cost as a curve; all columns are of one length. */
export interface CostCurve {
  readonly step: Float64Array;
  /** ΣJ/n over everything so far. */
  readonly overall: Float64Array;
  /** The mean of the last while, with the least and the largest J in it. */
  readonly recent: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** How many J were not finite. */
  readonly nonFinite: Float64Array;
}

/** The main measure as a curve, beside "as last time". */
export interface ScoreCurve {
  readonly step: Float64Array;
  readonly value: Float64Array;
  /** Over the newest samples alone; NaN where that is not told. */
  readonly recent: Float64Array;
  readonly baseline: Float64Array;
}

/** One tensor as it is and as it was a moment ago. */
export interface TensorView {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
  readonly before?: Float32Array;
}

/** All tensors at one step. */
export interface WeightsView {
  readonly step: number;
  readonly at: number;
  readonly tensors: readonly TensorView[];
}

/** All that the page shows, at one moment. Nothing in it changes afterwards. */
export interface View {
  readonly link: Link;
  readonly model?: ModelFacts;
  readonly step: number;
  /** How old the newest frame was when the view was made, and at its oldest just before. */
  readonly ageMs: number;
  readonly cost?: CostFrame;
  readonly costCurve: CostCurve;
  readonly metrics?: MetricsFrame;
  readonly scoreCurve: ScoreCurve;
  readonly weights?: WeightsView;
  /** The newest, oldest first. */
  readonly predictions: readonly PredictionItem[];
  readonly events: readonly EventEntry[];
  readonly rejections: readonly ErrorEntry[];
  readonly frames: FrameCounts;
}

/** What became of the versions that the server published. */
export interface FrameCounts {
  readonly received: number;
  /** Left out on purpose, because a newer one was there. */
  readonly conflated: number;
}
