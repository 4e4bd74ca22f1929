export type { Admin, FedSample, Subscribe, Topic } from '../broadcast/client-messages.ts';
export type {
  Err,
  ErrorCode,
  Explained,
  ModelInfo,
  Predicted,
  Welcome,
} from '../broadcast/server-messages.ts';
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
  type ClientOptions,
  type Connection,
  type ConnectOptions,
  connect,
  type ExplainOptions,
  type Gap,
  type PredictOptions,
  type PredictRows,
} from './connect.ts';
export { ConnectionClosed } from './connection-closed.ts';
export type { FeedOptions, FeedProgress } from './feeder.ts';
export type { ConnectionState } from './link.ts';
export { OutcomeUnknown, RequestFailed } from './questions.ts';
export type { SocketConstructor, SocketLike } from './socket.ts';
export type { TopicOptions } from './topic.ts';
export type { NamedTensor, Weights } from './weights.ts';
