import { decodeFrame, frameKinds } from '../broadcast/frame.ts';
import { applyQ8, scaleBytes } from '../broadcast/quantize.ts';
import type { ModelInfo } from '../broadcast/server-messages.ts';
import { applyXor } from '../broadcast/xor.ts';
import { tensorLengths } from './read-message.ts';

/** One tensor of a model. */
export interface NamedTensor {
  /** Its dimensions, row-major. */
  readonly shape: readonly number[];
  /** Row-major [out, in]. */
  readonly values: Float32Array;
}

/** The weights of a model at one moment. All arrays are copies: nobody writes into them later. */
export interface Weights {
  /** The name of the history that they belong to. */
  readonly epoch: string;
  /** Samples learned. */
  readonly step: number;
  /** The number of the version, which grows within an epoch. */
  readonly seq: number;
  /** When the parameters were copied: milliseconds since the Unix epoch. */
  readonly at: number;
  /** The tensors by their names, in the order of the model. */
  readonly tensors: ReadonlyMap<string, NamedTensor>;
  /** All parameters in one array, of which the tensors are views. */
  readonly parameters: Float32Array;
}

/** Something is missing between this frame and what came before it. */
export class FrameLost extends Error {
  override readonly name = 'FrameLost';
}

/** The model that frames belong to. */
export interface FrameContext {
  readonly epoch: string;
  readonly epochTag: string;
  readonly model: ModelInfo;
}

/** Puts the weights together from keyframes and differences. */
export class WeightsAssembler {
  #parameters = new Float32Array();
  #seq = 0;

  /** Takes a frame; throws a {@link FrameLost} or a RangeError when a keyframe is needed. */
  take(bytes: Uint8Array, { epoch, epochTag, model }: FrameContext): Weights {
    const { kind, payload, prev, params, seq, step, at, ...frame } = decodeFrame(bytes);
    if (prev !== this.#seq) throw new FrameLost(`frame ${prev} did not come`);
    if (frame.epochTag !== epochTag) throw new FrameLost('the frame is of another epoch');
    if (params !== model.params) throw new FrameLost('the frame has another shape');
    const lengths = tensorLengths(model);
    if (kind !== frameKinds.keyframe && this.#parameters.length !== params) {
      throw new FrameLost('a difference came before a keyframe');
    }
    // Not slice: that of a Buffer of Node is a view.
    if (kind === frameKinds.keyframe && payload.byteLength === 4 * params) {
      this.#parameters = new Float32Array(new Uint8Array(payload).buffer);
    } else if (
      kind === frameKinds.q8 &&
      payload.byteLength === scaleBytes(lengths.length) + params
    ) {
      applyQ8(this.#parameters, payload, lengths);
    } else if (kind === frameKinds.xor) applyXor(this.#parameters, payload);
    else throw new RangeError(`a frame of kind ${kind} with ${payload.byteLength} bytes`);
    this.#seq = seq;
    const parameters = this.#parameters.slice();
    const tensors = new Map<string, NamedTensor>();
    for (const [index, { name, shape, offset }] of model.tensors.entries()) {
      tensors.set(name, { shape, values: parameters.subarray(offset, offset + lengths[index]!) });
    }
    return { epoch, step, seq, at, tensors, parameters };
  }
}
