export {
  Broadcaster,
  type BroadcasterOptions,
} from '../broadcast/broadcaster.ts';
export type { CurvePoint } from '../broadcast/cost-curve.ts';
export type { Gauges } from '../broadcast/describe.ts';
export type { Durability } from '../broadcast/durability.ts';
export type { Encoding, StateTopic } from '../broadcast/encoding.ts';
export type { Epoch } from '../broadcast/epoch.ts';
export type { EpochHistory } from '../broadcast/history.ts';
export type { Limits } from '../broadcast/limits.ts';
export type {
  Explanations,
  FeedMark,
  FeedOutcome,
  Model,
  NamedPredictions,
  Observation,
  Origin,
  Predictions,
  Row,
  RowAnswers,
  Steering,
} from '../broadcast/model.ts';
export { Busy } from '../broadcast/model.ts';
export type { ModelDescription } from '../broadcast/model-info.ts';
export type { Clock } from '../broadcast/peer.ts';
export type { Role } from '../broadcast/server-messages.ts';
export type { ServedModel } from '../broadcast/service.ts';
export type { TextTopic } from '../broadcast/version.ts';
export { type Checkpoint, CheckpointError, type SourcePosition } from '../snapshot/checkpoint.ts';
export type { AccessOptions, Token } from './server/access.ts';
export { type Attachment, type AttachOptions, attach, type Servable } from './server/attach.ts';
export { broadcaster, type NodeBroadcasterOptions } from './server/broadcaster.ts';
export { connect } from './server/connect.ts';
export type { Logger } from './server/logger.ts';
export { type ModelServer, ServeError, type ServeOptions, serve } from './server/serve.ts';
export * from './sources/index.ts';
export { fromReadable, toReadable } from './sources/readable.ts';
export { type FoundCheckpoint, newestCheckpoint } from './training/checkpoints/checkpoint-files.ts';
export {
  CheckpointFolder,
  type CheckpointFolderOptions,
} from './training/checkpoints/checkpoint-folder.ts';
export {
  type Capture,
  Checkpointer,
  type CheckpointerOptions,
} from './training/checkpoints/checkpointer.ts';
export type { FolderLockOptions } from './training/checkpoints/folder-lock.ts';
export {
  PipelineModel,
  type PipelineModelOptions,
} from './training/pipeline-model.ts';
export { RejectsFile, type RejectsFileOptions } from './training/rejects/rejects-file.ts';
