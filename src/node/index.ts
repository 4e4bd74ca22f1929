export { Broadcaster, type BroadcasterOptions } from '../broadcast/broadcaster.ts';
export type { Limits } from '../broadcast/limits.ts';
export type { Role } from '../broadcast/server-messages.ts';
export type { AccessOptions, Token } from './access.ts';
export { type Attachment, type AttachOptions, attach } from './attach.ts';
export { broadcaster, type NodeBroadcasterOptions } from './broadcaster.ts';
export { connect } from './connect.ts';
export { type ModelServer, ServeError, type ServeOptions, serve } from './serve.ts';
export * from './sources.ts';
