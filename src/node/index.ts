export { Broadcaster, type BroadcasterOptions } from '../broadcast/broadcaster.ts';
export type { History } from '../broadcast/history.ts';
export type { Limits } from '../broadcast/limits.ts';
export type { Model, Observation, Origin, Row, Steering } from '../broadcast/model.ts';
export { Busy } from '../broadcast/model.ts';
export type { Role } from '../broadcast/server-messages.ts';
export type { ServedModel } from '../broadcast/service.ts';
export { type Checkpoint, CheckpointError } from '../snapshot/checkpoint.ts';
export type { AccessOptions, Token } from './access.ts';
export { type Attachment, type AttachOptions, attach } from './attach.ts';
export { broadcaster, type NodeBroadcasterOptions } from './broadcaster.ts';
export {
  CheckpointFolder,
  type CheckpointFolderOptions,
  type FoundCheckpoint,
} from './checkpoints/checkpoint-folder.ts';
export {
  type Capture,
  Checkpointer,
  type CheckpointerOptions,
} from './checkpoints/checkpointer.ts';
export { connect } from './connect.ts';
export type { Logger } from './logger.ts';
export { PipelineModel } from './pipeline-model.ts';
export { fromReadable, toReadable } from './readable.ts';
export { type ModelServer, ServeError, type ServeOptions, serve } from './serve.ts';
export * from './sources.ts';
