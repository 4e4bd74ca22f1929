/** Rivulet: a neural network that learns from a stream. What runs in a browser and in Node. */

export type { ColumnMemory, ColumnReport } from './encode/columns/column.ts';
export type { ColumnForm, ColumnKind, TimestampOrder } from './encode/columns/column-form.ts';
export type { ColumnOptions, ColumnSettings } from './encode/columns/column-settings.ts';
export { type ColumnsMemory, type ColumnsOptions, columns } from './encode/columns/columns.ts';
export { type ColumnHints, type ColumnType, inferColumn } from './encode/columns/infer-column.ts';
export type { DecimalMark } from './encode/columns/numbers.ts';
export { inferColumns, type NamedColumn } from './encode/columns/table.ts';
export type { DateOrder } from './encode/columns/timestamps.ts';
export {
  classNames,
  type EncoderMemory,
  type EncoderOptions,
  encoder,
  slotNames,
} from './encode/encoder.ts';
export {
  type FadingMeansMemory,
  type FadingMeansOptions,
  fadingMeans,
} from './encode/fading-means.ts';
export type { UnknownFeatures } from './encode/known-features.ts';
export { type LagMemory, type LagOptions, lags } from './encode/lags.ts';
export type { Label } from './encode/late-labels.ts';
export {
  type MovingMeansMemory,
  type MovingMeansOptions,
  movingMeans,
} from './encode/moving-means.ts';
export type { NewInputOptions, NewInputsReport } from './encode/new-inputs.ts';
export type { NewcomersMemory } from './encode/newcomers.ts';
export {
  encode,
  exponentialAverage,
  type JoinLabelsOptions,
  joinLabels,
  lag,
  movingAverage,
  standardise,
  targetItself,
} from './encode/operators.ts';
export { type PerGroupMemory, type PerGroupOptions, perGroup } from './encode/per-group.ts';
export { scaleBy } from './encode/scale-by.ts';
export type { Slot } from './encode/slots.ts';
export { type ScalerMemory, type ScalerOptions, scaler } from './encode/standardise.ts';
export { type InferredTask, inferredTask, inferTask, type Task } from './encode/task.ts';
export type {
  AnomalyMemory,
  AnomalyScored,
  AnomalyScorerOptions,
} from './evaluate/anomaly-score.ts';
export {
  type CalibrationBin,
  type CalibrationMemory,
  type CalibrationOptions,
  calibration,
} from './evaluate/calibration.ts';
export type { ClassCounts } from './evaluate/class-counts.ts';
export {
  type Compared,
  type Comparison,
  type ComparisonMemory,
  type ComparisonOptions,
  type CostComparison,
  comparison,
  type UpdatePair,
} from './evaluate/comparison.ts';
export {
  type ConfusionMemory,
  type ConfusionOptions,
  confusionMatrix,
} from './evaluate/confusion-matrix.ts';
export { type Detector, mistakeOf, type Verdict } from './evaluate/detector.ts';
export * from './evaluate/detectors/index.ts';
export { Duel, type DuelOptions } from './evaluate/duel.ts';
export {
  type CostSummary,
  type Evaluation,
  type EvaluationMemory,
  type EvaluationOptions,
  evaluation,
  type Reading,
  type Score,
} from './evaluate/evaluation.ts';
export { type FadingMemory, type FadingOptions, fading } from './evaluate/fading.ts';
export type {
  FirstPredictionsMemory,
  FirstPredictionsOptions,
} from './evaluate/first-predictions.ts';
export type { MeanMemory } from './evaluate/mean.ts';
export type { Memories } from './evaluate/measure-set.ts';
export {
  type Measure,
  type Metric,
  type MetricGroup,
  type Metrics,
  type Outcome,
  outcome,
} from './evaluate/metric.ts';
export * from './evaluate/metrics/index.ts';
export {
  type AnnounceDriftOptions,
  announceDrift,
  anomalyScore,
  type CompareOptions,
  compare,
  type DetectDriftOptions,
  detectDrift,
  type EvaluateOptions,
  evaluate,
  measure,
  recallPredictions,
  totalCost,
} from './evaluate/operators.ts';
export type { RecentCostMemory, WindowedCost } from './evaluate/recent-cost.ts';
export {
  classificationMetrics,
  type NamedMetrics,
  regressionMetrics,
  threeWays,
} from './evaluate/standard-metrics.ts';
export { together } from './evaluate/together.ts';
export type { CostSums, TotalCost } from './evaluate/total-cost.ts';
export { type WindowedMemory, type WindowedOptions, windowed } from './evaluate/windowed.ts';
export type { Activation, LayerState } from './learn/activation.ts';
export * from './learn/activations/index.ts';
export { type AutoencoderOptions, autoencoder } from './learn/autoencoder.ts';
export type { ClassWeights } from './learn/class-weights.ts';
export { decide } from './learn/decide.ts';
export {
  type ActivationFormula,
  type DerivativeFormula,
  defineActivation,
} from './learn/define-activation.ts';
export { defineLoss, type LossFormula } from './learn/define-loss.ts';
export type { Layer } from './learn/equations.ts';
export { explain } from './learn/explain.ts';
export { Hedge, type HedgeOptions, hedge } from './learn/hedge.ts';
export type { Fan, Initializer } from './learn/initializer.ts';
export * from './learn/initializers/index.ts';
export type { TensorReport } from './learn/inspection.ts';
export type { Interval } from './learn/interval.ts';
export type { LabelledSample } from './learn/labelled-sample.ts';
export type { Learner, Memory, MemoryValue, Tensor, Update } from './learn/learner.ts';
export type { LearningMemory, Rollback } from './learn/learning.ts';
export type { Loss } from './learn/loss.ts';
export { type HuberOptions, huberLoss } from './learn/losses/huber.ts';
export * from './learn/losses/index.ts';
export { MemoryError } from './learn/memory-fields.ts';
export type {
  ClassPrediction,
  NamedPrediction,
  NamedPredictionOptions,
  NumberPrediction,
  Threshold,
} from './learn/named-prediction.ts';
export { Network } from './learn/network.ts';
export type {
  ActivationName,
  EngineName,
  InitializerName,
  LossName,
  NetworkOptions,
  OptimizerName,
} from './learn/network-options.ts';
export {
  type Backpropagated,
  backprop,
  descend,
  type Forwarded,
  forward,
  type LearnOptions,
  learn,
  predict,
} from './learn/operators.ts';
export type { Optimizer, OptimizerMemory } from './learn/optimizer.ts';
export * from './learn/optimizers/index.ts';
export type { BackwardPass, ForwardPass } from './learn/passes.ts';
export { Pool, type PoolOptions, pool } from './learn/pool/pool.ts';
export { seedNetwork, singleNetwork } from './learn/single-network.ts';
export type { LearnerTask, TaskOptions } from './learn/targets.ts';
export type { Trust } from './learn/trust.ts';
export { derivative } from './math/derivative.ts';
export {
  DescentDiverged,
  type DescentOptions,
  type DescentStep,
  descentSteps,
} from './math/descent.ts';
export { Expression, type Operand, type Operation, type Term } from './math/expression.ts';
export { expressionFunction } from './math/expression-function.ts';
export { type ParseExpressionOptions, parseExpression } from './math/parse-expression.ts';
export type { RandomMemory } from './math/random.ts';
export type { Moments } from './math/running.ts';
export {
  type Audience,
  Pipeline,
  type PipelineOptions,
  type Preparation,
  type Scaling,
} from './pipeline.ts';
export type { TensorHealth } from './snapshot/layer-health.ts';
export { type SnapshotOptions, snapshot, type TakesSnapshots } from './snapshot/operators.ts';
export { RecentUpdates } from './snapshot/recent-updates.ts';
export type { Prediction, Snapshot, StreamEvent, StreamEventKind } from './snapshot/snapshot.ts';
export type { Measures } from './snapshot/summary.ts';
export { fromAsyncIterable } from './sources/async-iterable.ts';
export type { ConnectionEvent, ConnectionEventSink } from './sources/connection-event.ts';
export { type EmitterLike, type FromEmitterOptions, fromEmitter } from './sources/emitter.ts';
export { type EventTargetLike, fromEventTarget } from './sources/event-target.ts';
export type { Example } from './sources/example.ts';
export type { GeneratedStream, GeneratorOptions } from './sources/generators/generate.ts';
export * from './sources/generators/index.ts';
export { gradientDescent } from './sources/gradient-descent.ts';
export type { RecordOptions } from './sources/record.ts';
export type { Sample } from './sources/sample.ts';
export { TARGET_MAX, WEIGHT_MAX } from './sources/sample-range.ts';
export { SourceError } from './sources/source-error.ts';
export { WrittenCells } from './sources/written-cells.ts';
export { type BoundedOptions, bounded } from './stream/bounded.ts';
export { chain } from './stream/chain.ts';
export { Governor } from './stream/governor.ts';
export type { PaceOptions, Pull } from './stream/pace.ts';
export type { RecentMemory } from './stream/recent-by-id.ts';
export {
  type Rejection,
  type RejectionCode,
  type RejectionSink,
  SampleError,
  UnhandledRejectionError,
} from './stream/rejection.ts';
export { type RunOptions, run } from './stream/run.ts';
export type { Applicable, Stateful } from './stream/stateful.ts';
export { type ToAsyncIterableOptions, toAsyncIterable } from './stream/to-async-iterable.ts';
export {
  type BufferCounters,
  noneBuffered,
  type Overflow,
  OverflowError,
  type OverflowPolicy,
} from './stream/waiting.ts';
export { trainFrom } from './train-from.ts';
