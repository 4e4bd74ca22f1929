export type { Topic } from '../broadcast/client-messages.ts';
export type { ModelInfo, Welcome } from '../broadcast/server-messages.ts';
export type {
  CostFrame,
  ErrorEntry,
  EventEntry,
  History,
  MetricsFrame,
  PredictionItem,
  PredictionsFrame,
} from '../broadcast/topic-messages.ts';
export {
  type Connection,
  ConnectionClosed,
  type ConnectOptions,
  connect,
  type Gap,
} from './connect.ts';
export type { ConnectionState } from './link.ts';
export type { SocketConstructor, SocketLike } from './socket.ts';
export type { TopicOptions } from './topic.ts';
export type { NamedTensor, Weights } from './weights.ts';
