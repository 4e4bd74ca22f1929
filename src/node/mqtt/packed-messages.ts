import type { Message } from './message.ts';

/**
 * Messages as they cross to another thread: their payloads in one buffer, which is handed over, and
 * not copied. Objects would have to be cloned one by one.
 */
export interface PackedMessages {
  readonly topics: readonly string[];
  /** Three numbers a message: its topic's place in `topics`, its marks, where its payload ends. */
  readonly index: Uint32Array<ArrayBuffer>;
  readonly payloads: Uint8Array<ArrayBuffer>;
}

const dupMark = 1;
const retainMark = 2;

/** Packs messages. */
export const pack = (messages: readonly Message[]): PackedMessages => {
  const places = new Map<string, number>();
  const index = new Uint32Array(3 * messages.length);
  const payloads = new Uint8Array(messages.reduce((sum, { payload }) => sum + payload.length, 0));
  let end = 0;
  let k = 0;
  for (const { topic, payload, dup, retain } of messages) {
    let place = places.get(topic);
    if (place === undefined) {
      place = places.size;
      places.set(topic, place);
    }
    payloads.set(payload, end);
    end += payload.length;
    index[k++] = place;
    index[k++] = (dup ? dupMark : 0) | (retain ? retainMark : 0);
    index[k++] = end;
  }
  return { topics: [...places.keys()], index, payloads };
};

/** The messages that were packed. */
export const unpack = ({ topics, index, payloads }: PackedMessages): Message[] => {
  const messages: Message[] = [];
  let start = 0;
  for (let k = 0; k < index.length; k += 3) {
    const end = index[k + 2]!;
    messages.push({
      topic: topics[index[k]!]!,
      payload: payloads.subarray(start, end),
      dup: (index[k + 1]! & dupMark) !== 0,
      retain: (index[k + 1]! & retainMark) !== 0,
    });
    start = end;
  }
  return messages;
};
