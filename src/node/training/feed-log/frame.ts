import { deserialize, serialize } from 'node:v8';
import { crc32 } from 'node:zlib';
import type { FeedMark, Observation, Origin } from '../../../broadcast/model.ts';

/** A batch of fed samples in the log. */
export interface LoggedBatch extends FeedMark {
  /** Samples and origin, encoded; read by {@link contentOf}. */
  readonly content: Uint8Array;
}

/** What was fed. */
export interface FedContent {
  readonly samples: readonly Observation[];
  readonly origin?: Origin;
}

/** Length of the content, CRC-32 of all that follows, batch number, examples before it. */
const headBytes = 24;
const checkedFrom = 8;

/** One frame as it is appended: its content is the structured clone of Node, which keeps every bit. */
export const encodeFrame = ({ batch, examples }: FeedMark, content: FedContent): Buffer => {
  const body = serialize(content);
  const frame = Buffer.allocUnsafe(headBytes + body.length);
  frame.writeUInt32LE(body.length, 0);
  frame.writeDoubleLE(batch, 8);
  frame.writeDoubleLE(examples, 16);
  frame.set(body, headBytes);
  frame.writeUInt32LE(crc32(frame.subarray(checkedFrom)), 4);
  return frame;
};

/**
 * The frames of a file, up to the first that is cut off or damaged: a process that was killed in the
 * middle of one has not answered for it.
 */
export const decodeFrames = function* (file: Buffer): Generator<LoggedBatch> {
  let at = 0;
  while (at + headBytes <= file.length) {
    const end = at + headBytes + file.readUInt32LE(at);
    if (end > file.length) return;
    if (crc32(file.subarray(at + checkedFrom, end)) !== file.readUInt32LE(at + 4)) return;
    yield {
      batch: file.readDoubleLE(at + 8),
      examples: file.readDoubleLE(at + 16),
      content: new Uint8Array(file.subarray(at + headBytes, end)),
    };
    at = end;
  }
};

/** What a batch of the log contains. */
export const contentOf = ({ content }: LoggedBatch): FedContent =>
  deserialize(content) as FedContent;
