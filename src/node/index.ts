export {
  Broadcaster,
  type BroadcasterOptions,
} from '../broadcast/broadcaster.ts';
export type { CurvePoint } from '../broadcast/cost-curve.ts';
export type { Gauges } from '../broadcast/describe.ts';
export type { Durability } from '../broadcast/durability.ts';
export type { Encoding, StateTopic } from '../broadcast/encoding.ts';
export type { Epoch } from '../broadcast/epoch.ts';
export type { History } from '../broadcast/history.ts';
export type { Limits } from '../broadcast/limits.ts';
export type {
  FeedMark,
  FeedOutcome,
  Model,
  Observation,
  Origin,
  Predictions,
  Row,
  Steering,
} from '../broadcast/model.ts';
export { Busy } from '../broadcast/model.ts';
export type { ModelDescription } from '../broadcast/model-info.ts';
export type { Clock } from '../broadcast/peer.ts';
export type { Role } from '../broadcast/server-messages.ts';
export type { ServedModel } from '../broadcast/service.ts';
export type { TextTopic } from '../broadcast/version.ts';
export { type Checkpoint, CheckpointError, type SourcePosition } from '../snapshot/checkpoint.ts';
export type { AccessOptions, Token } from './access.ts';
export { type Attachment, type AttachOptions, attach, type Servable } from './attach.ts';
export { broadcaster, type NodeBroadcasterOptions } from './broadcaster.ts';
export { type FoundCheckpoint, newestCheckpoint } from './checkpoints/checkpoint-files.ts';
export { CheckpointFolder, type CheckpointFolderOptions } from './checkpoints/checkpoint-folder.ts';
export {
  type Capture,
  Checkpointer,
  type CheckpointerOptions,
} from './checkpoints/checkpointer.ts';
export type { FolderLockOptions } from './checkpoints/folder-lock.ts';
export { connect } from './connect.ts';
export type { Logger } from './logger.ts';
export { type FedReplay, PipelineModel, type PipelineModelOptions } from './pipeline-model.ts';
export { fromReadable, toReadable } from './readable.ts';
export { RejectsFile, type RejectsFileOptions } from './rejects/rejects-file.ts';
export { type ModelServer, ServeError, type ServeOptions, serve } from './serve.ts';
export * from './sources.ts';
