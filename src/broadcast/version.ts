import type { Snapshot } from '../snapshot/snapshot.ts';
import { crc32 } from './crc32.ts';
import { dtypes, type FrameBody, frameKinds } from './frame.ts';

/** What a {@link Version} is made of. */
export interface VersionFields {
  readonly snapshot: Snapshot;
  /** Its number: one more than that of the version before it. */
  readonly seq: number;
  /** The time of the snapshot: milliseconds since the Unix epoch. */
  readonly at: number;
  readonly epochTag: string;
  /** The JSON of the frame of a text topic, without `t`, `sid`, `seq`, `prev`. */
  readonly describe: (topic: TextTopic, version: Version) => object;
}

/** The state topics whose frames are text. */
export type TextTopic = 'cost' | 'metrics' | 'predictions';

/** One published state. What is sent of it is encoded once, when somebody first wants it. */
export class Version {
  readonly snapshot: Snapshot;
  readonly seq: number;
  readonly at: number;
  readonly epochTag: string;
  readonly #describe: VersionFields['describe'];
  readonly #texts = new Map<TextTopic, string>();
  #parameters: Float32Array | undefined;
  #keyframe: FrameBody | undefined;

  constructor({ snapshot, seq, at, epochTag, describe }: VersionFields) {
    this.snapshot = snapshot;
    this.seq = seq;
    this.at = at;
    this.epochTag = epochTag;
    this.#describe = describe;
  }

  /** All tensors one after another, as float32. */
  get parameters(): Float32Array {
    this.#parameters ??= flatten(this.snapshot);
    return this.#parameters;
  }

  /** The lengths of the tensors, in order. */
  get lengths(): number[] {
    return this.snapshot.tensors.map(({ values }) => values.length);
  }

  /** The parameters as a frame. */
  get keyframe(): FrameBody {
    this.#keyframe ??= frameBody(this, {
      kind: frameKinds.keyframe,
      dtype: dtypes.f32,
      payload: new Uint8Array(this.parameters.buffer),
    });
    return this.#keyframe;
  }

  /** A frame of a text topic without its beginning: a comma, then the fields that all share. */
  text(topic: TextTopic): string {
    let text = this.#texts.get(topic);
    if (text === undefined) {
      const { step } = this.snapshot;
      const fields = { step, at: this.at, ...this.#describe(topic, this) };
      text = `,${JSON.stringify(fields).slice(1)}`;
      this.#texts.set(topic, text);
    }
    return text;
  }
}

/** A frame of this version with the given payload. */
export const frameBody = (
  { epochTag, seq, at, snapshot, lengths }: Version,
  content: Pick<FrameBody, 'kind' | 'dtype' | 'payload'>,
): FrameBody => ({
  ...content,
  epochTag,
  seq,
  at,
  step: snapshot.step,
  params: lengths.reduce((sum, length) => sum + length, 0),
  crc: crc32(content.payload),
});

const flatten = ({ tensors }: Snapshot): Float32Array => {
  const all = new Float32Array(tensors.reduce((sum, { values }) => sum + values.length, 0));
  let offset = 0;
  for (const { values } of tensors) {
    all.set(values, offset);
    offset += values.length;
  }
  return all;
};
