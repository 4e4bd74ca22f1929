/** A message of a topic, as it came from a broker. */
export interface Message {
  readonly topic: string;
  readonly payload: Uint8Array;
  /** The broker has sent it before, and does not know whether that arrived. */
  readonly dup: boolean;
  /** It was said before anybody subscribed. */
  readonly retain: boolean;
}
