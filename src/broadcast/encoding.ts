import { dtypes, encodeHeader, type FrameBody, frameKinds } from './frame.ts';
import type { Peer } from './peer.ts';
import { encodeQ8 } from './quantize.ts';
import { frameBody, type TextTopic, type Version } from './version.ts';
import { encodeXor } from './xor.ts';

/** The topics of which the latest counts. */
export type StateTopic = TextTopic | 'weights';

/** How the parameters are written. */
export type Encoding = 'f32' | 'q8' | 'xor';

/** The way a channel writes its frames. */
export interface ChannelEncoding {
  /** Takes the next version. */
  advance(version: Version, now: number): void;
  /** The bytes that a frame after `prev` would have. */
  size(prev: number): number;
  /** Whether readers have about the state that is shown, and another frame of it would bring them closer. */
  readonly isRough: boolean;
  /** Sends the present frame to somebody whose last one was `prev`. */
  send(peer: Peer, sid: number, prev: number): void;
}

/** The way to write frames of a topic. */
export const encodingOf = (
  topic: StateTopic,
  enc: Encoding,
  options: Omit<DeltaOptions, 'difference'>,
): ChannelEncoding => {
  if (topic !== 'weights') return new TextEncoding(topic);
  if (enc === 'f32') return new KeyframeEncoding();
  return new DeltaEncoding({ ...options, difference: enc === 'q8' ? q8 : xor });
};

/** Frames of JSON: the fields are written once, the beginning for each subscription. */
class TextEncoding implements ChannelEncoding {
  readonly isRough = false;
  readonly #topic: TextTopic;
  #seq = 0;
  #text = '';
  /** What went out last: most subscribers get the very same. */
  #whole = { sid: 0, prev: 0, text: '' };

  constructor(topic: TextTopic) {
    this.#topic = topic;
  }

  advance(version: Version): void {
    this.#seq = version.seq;
    this.#text = version.text(this.#topic);
    this.#whole = { sid: 0, prev: 0, text: '' };
  }

  size(): number {
    return this.#text.length + 64;
  }

  send(peer: Peer, sid: number, prev: number): void {
    if (this.#whole.sid !== sid || this.#whole.prev !== prev) {
      const start = `{"t":"${this.#topic}","sid":${sid},"seq":${this.#seq},"prev":${prev}`;
      this.#whole = { sid, prev, text: start + this.#text };
    }
    peer.send(this.#whole.text);
  }
}

/** Every frame holds all parameters. */
class KeyframeEncoding implements ChannelEncoding {
  readonly isRough = false;
  #body: FrameBody | undefined;

  advance(version: Version): void {
    this.#body = version.keyframe;
  }

  size(): number {
    return 64 + this.#body!.payload.byteLength;
  }

  send(peer: Peer, sid: number, prev: number): void {
    peer.sendFrame(encodeHeader(this.#body!, sid, prev), this.#body!.payload);
  }
}

/** A way to write the change from one state to the next. */
interface Difference {
  readonly kind: number;
  readonly dtype: number;
  /** Whether `base` is the state afterwards, to the last bit. */
  readonly isExact: boolean;
  /** Changes `base` to what a client will have; undefined when this change cannot be written. */
  encode(base: Float32Array, version: Version): Uint8Array | undefined;
}

/** An int8 a parameter, with error feedback. */
const q8: Difference = {
  kind: frameKinds.q8,
  dtype: dtypes.i8,
  isExact: false,
  encode: (base, { parameters, lengths }) => encodeQ8(base, parameters, lengths),
};

/** The bits that changed, without loss. */
const xor: Difference = {
  kind: frameKinds.xor,
  dtype: dtypes.f32,
  isExact: true,
  encode: (base, { parameters }) => encodeXor(base, parameters),
};

/** What a {@link DeltaEncoding} needs to know. */
interface DeltaOptions {
  readonly difference: Difference;
  readonly keyframeDeltas: number;
  readonly keyframeMs: number;
  /** Told when a parameter was not finite, so that a keyframe had to go. */
  readonly notFinite: (version: Version) => void;
}

/**
 * Small differences, encoded once for all subscribers. A subscriber that has the frame before gets the
 * difference; any other gets a keyframe equal to the sum of all differences, so that all continue from
 * the same bits.
 */
class DeltaEncoding implements ChannelEncoding {
  readonly #options: DeltaOptions;
  #version: Version | undefined;
  #reconstruction = new Float32Array();
  #delta: FrameBody | undefined;
  #keyframe: FrameBody | undefined;
  #base = 0;
  #deltas = 0;
  #keyframeAt = 0;

  constructor(options: DeltaOptions) {
    this.#options = options;
  }

  advance(version: Version, now: number): void {
    const before = this.#version;
    this.#version = version;
    this.#keyframe = undefined;
    this.#delta = this.#isKeyframeDue(before, now) ? undefined : this.#difference(version);
    this.#base = before?.seq ?? 0;
    if (this.#delta) {
      this.#deltas += 1;
      return;
    }
    this.#reconstruction = version.parameters.slice();
    this.#deltas = 0;
    this.#keyframeAt = now;
  }

  get isRough(): boolean {
    return this.#delta !== undefined && !this.#options.difference.isExact;
  }

  size(prev: number): number {
    return 64 + this.#bodyAfter(prev).payload.byteLength;
  }

  send(peer: Peer, sid: number, prev: number): void {
    const body = this.#bodyAfter(prev);
    peer.sendFrame(encodeHeader(body, sid, prev), body.payload);
  }

  #isKeyframeDue(before: Version | undefined, now: number): boolean {
    const { keyframeDeltas, keyframeMs } = this.#options;
    return (
      before === undefined ||
      before.epochTag !== this.#version!.epochTag ||
      this.#reconstruction.length !== this.#version!.parameters.length ||
      this.#deltas >= keyframeDeltas ||
      now - this.#keyframeAt >= keyframeMs
    );
  }

  #difference(version: Version): FrameBody | undefined {
    const { difference } = this.#options;
    const payload = difference.encode(this.#reconstruction, version);
    if (!payload) {
      this.#options.notFinite(version);
      return undefined;
    }
    return frameBody(version, { kind: difference.kind, dtype: difference.dtype, payload });
  }

  #bodyAfter(prev: number): FrameBody {
    if (this.#delta && prev === this.#base) return this.#delta;
    this.#keyframe ??= this.#makeKeyframe();
    return this.#keyframe;
  }

  #makeKeyframe(): FrameBody {
    // A copy: the reconstruction moves on while this frame may still wait in a socket.
    const payload = new Uint8Array(this.#reconstruction.slice().buffer);
    return frameBody(this.#version!, { kind: frameKinds.keyframe, dtype: dtypes.f32, payload });
  }
}
