/**
 * Everything that is bounded. Each is a number of milliseconds if its name ends in `Ms`, of bytes if it
 * ends in `Bytes`, of characters if it ends in `Chars`, and else a count.
 */
export interface Limits {
  /** Connections at once. */
  readonly connections: number;
  /** Connections at once from one address; loopback is exempt. */
  readonly connectionsPerAddress: number;
  /** TCP connections at once from one address, those of WebSockets included; loopback is exempt. */
  readonly socketsPerAddress: number;
  /** Requests over one HTTP connection, after which it is closed. */
  readonly requestsPerConnection: number;
  /** Requests of one HTTP connection that wait for the answers of those before them. */
  readonly requestsPipelined: number;
  /** HTTP requests a second from one address without a valid token; loopback is exempt. */
  readonly requestsPerSecond: number;
  /** Upgrades a second from one address without a valid token; loopback is exempt. */
  readonly upgradesPerSecond: number;
  /** Subscriptions of one connection. */
  readonly subscriptions: number;
  /** Requests for predictions that one connection may have under way. */
  readonly predictsInFlight: number;
  /** Rows of one request for predictions. */
  readonly predictRows: number;
  /** Numbers in one answer to `explain`: rows × outputs × features. */
  readonly explainValues: number;
  /** Parameters of a network that is copied for a reader: a larger one is only described. */
  readonly frozenParameters: number;
  /** Samples in one feed message. */
  readonly feedBatch: number;
  /** Levels of objects and arrays in the features of one sample or row. */
  readonly sampleDepth: number;
  /** Values in the features of one sample or row, on all levels together. */
  readonly sampleValues: number;
  /** Samples that one connection may have accepted but not learned. */
  readonly feedCredit: number;
  /** Memory of the samples that one connection may have accepted but not answered, in bytes. */
  readonly feedCreditBytes: number;
  /** Samples of all connections together that one model may have accepted but not learned. */
  readonly feedQueue: number;
  /** Memory of the samples that one model may have accepted but not learned, in bytes. */
  readonly feedQueueBytes: number;
  /** Memory of the rows of all predictions of one model that are under way, in bytes. */
  readonly predictBytes: number;
  /** Requests of one connection that wait for their answers. */
  readonly requestsInFlight: number;
  /** Requests of admins that are remembered by `once`, so that each is executed once. */
  readonly adminsRemembered: number;
  /** The largest message from a client, in bytes. */
  readonly messageBytes: number;
  /** The largest message from a client that is neither `predict` nor `feed`, in characters. */
  readonly controlBytes: number;
  /** Fragments of one message from a client. */
  readonly fragments: number;
  /** Chunks that are kept for one incomplete frame from a client. */
  readonly bufferedChunks: number;
  /** Bytes retained for one connection, the frame about to be sent included, or one frame. */
  readonly retainedBytes: number;
  /** Replies that wait to be written to one connection. */
  readonly controlPending: number;
  /** Bytes of replies that wait to be written to one connection, or one reply. */
  readonly answerBytes: number;
  /** Messages from one connection in a second. */
  readonly messagesPerSecond: number;
  /** Breaches of a limit within 10 seconds that end a connection. */
  readonly breaches: number;
  /** How long the headers of a request, such as an upgrade, may take to come. */
  readonly headersMs: number;
  /** How long the body of a request may pause, and one that is read as a whole may take, in ms. */
  readonly bodyMs: number;
  /** How long a client may pause reading an HTTP answer, in ms. */
  readonly answerMs: number;
  /** How long a connection may take to say hello. */
  readonly helloMs: number;
  /** After how much silence the server says `hb`. */
  readonly hbMs: number;
  /** How often a connection is pinged. */
  readonly pingMs: number;
  /** How long a pong may take. */
  readonly pongMs: number;
  /** Entries that a log keeps. */
  readonly logEntries: number;
  /** Memory of the entries that a log keeps, in bytes. */
  readonly logBytes: number;
  /** Characters of a text in an entry of a log, such as its message; the rest is cut off. */
  readonly logTextChars: number;
  /** How long a log keeps an entry, in ms; the newest `logKept` stay however old they are. */
  readonly logMs: number;
  /** Entries of a log that stay however old they are. */
  readonly logKept: number;
  /** Rejected samples reported in a second; the others are counted as suppressed. */
  readonly errorsPerSecond: number;
  /** Deltas between two keyframes at most. */
  readonly keyframeDeltas: number;
  /** Milliseconds between two keyframes at most. */
  readonly keyframeMs: number;
  /** How long after the newest state a last difference makes q8 viewers nearly exact, in ms. */
  readonly closingMs: number;
  /** Predictions in one frame of that topic. */
  readonly predictionItems: number;
  /** Predicted rows that are kept for a label that comes by id later. */
  readonly lateLabels: number;
  /** Memory of these rows, in bytes. */
  readonly lateLabelBytes: number;
  /** How long a client may continue to name an old epoch before it must resubscribe. */
  readonly resyncMs: number;
}

/** The limits that hold where nothing else is said. */
export const defaultLimits: Limits = {
  connections: 5_000,
  connectionsPerAddress: 64,
  socketsPerAddress: 128,
  requestsPerConnection: 1_000,
  requestsPipelined: 64,
  requestsPerSecond: 100,
  upgradesPerSecond: 20,
  subscriptions: 32,
  predictsInFlight: 16,
  predictRows: 256,
  explainValues: 1_000_000,
  frozenParameters: 250_000,
  feedBatch: 256,
  sampleDepth: 32,
  sampleValues: 16_384,
  feedCredit: 1_024,
  feedCreditBytes: 16_777_216,
  feedQueue: 65_536,
  feedQueueBytes: 134_217_728,
  predictBytes: 67_108_864,
  requestsInFlight: 4_096,
  adminsRemembered: 1_024,
  messageBytes: 1_048_576,
  controlBytes: 65_536,
  fragments: 64,
  bufferedChunks: 4_096,
  retainedBytes: 262_144,
  controlPending: 64,
  answerBytes: 8_388_608,
  messagesPerSecond: 2_000,
  breaches: 3,
  headersMs: 10_000,
  bodyMs: 30_000,
  answerMs: 30_000,
  helloMs: 5_000,
  hbMs: 10_000,
  pingMs: 25_000,
  pongMs: 8_000,
  logEntries: 1_024,
  logBytes: 4_194_304,
  logTextChars: 1_024,
  logMs: 600_000,
  logKept: 100,
  errorsPerSecond: 20,
  keyframeDeltas: 64,
  keyframeMs: 5_000,
  closingMs: 1_000,
  predictionItems: 32,
  lateLabels: 10_000,
  lateLabelBytes: 67_108_864,
  resyncMs: 5_000,
};

/** The defaults with some of them replaced; throws a RangeError for what is no positive number. */
export const limitsWith = (changes: Partial<Limits> = {}): Limits => {
  for (const [name, value] of Object.entries(changes)) {
    if (!(name in defaultLimits)) throw new RangeError(`there is no limit called ${name}`);
    if (!(value > 0))
      throw new RangeError(`limit ${name}: expected a positive number, got ${value}`);
  }
  return { ...defaultLimits, ...changes };
};
