import { type Example, featuresOf } from '../sources/example.ts';
import type { Sample } from '../sources/sample.ts';
import { SampleError } from '../stream/rejection.ts';
import { RecordVectors } from './record-vectors.ts';
import type { SlotLimits } from './slot-maker.ts';
import type { Slot } from './slots.ts';
import { ClassVectors, checkClass, numberTarget } from './targets.ts';
import { isUnlabelled, type Task } from './task.ts';

/** The options of an encoder, complete. */
export interface EncodingSettings extends SlotLimits {
  readonly task: Task | undefined;
  readonly classesMax: number;
}

/** An encoder's memory with all that makes it quick to use; that follows from the memory alone. */
export class Encoding {
  readonly #settings: EncodingSettings;
  readonly #records: RecordVectors;
  readonly #classes: ClassVectors;

  /** Works on the two lists themselves. */
  constructor(memory: { slots: Slot[]; classes: string[] }, settings: EncodingSettings) {
    this.#settings = settings;
    this.#records = new RecordVectors(memory.slots, settings);
    this.#classes = new ClassVectors(memory.classes);
  }

  /** Whether it speaks of this memory, and the memory is as it left it. */
  isOf({ slots, classes }: { slots: Slot[]; classes: string[] }): boolean {
    return this.#records.isOf(slots) && this.#classes.isOf(classes);
  }

  /** The sample as far as it is known; changes nothing. */
  apply(example: Example): Sample {
    const x = this.#records.vector(featuresOf(example));
    return this.#sample(
      new EncodedSample(example, x, this.#knownTarget(example)),
      this.#classes.count,
    );
  }

  /** The sample, with new slots and classes for what is new. Nothing has changed if it throws. */
  update(example: Example): Sample {
    const features = featuresOf(example);
    const x = this.#records.vector(features);
    this.#checkRoom(example);
    checkWeight(example);
    const { count } = this.#classes;
    if (!this.#records.hasUnknown)
      return this.#sample(new EncodedSample(example, x, this.#target(example)), count);
    this.#records.makeSlots(features);
    const wider = this.#records.vector(features);
    return this.#sample(new EncodedSample(example, wider, this.#target(example)), count);
  }

  /** The sample, which knows how many classes had appeared before it. */
  #sample(sample: EncodedSample, classCount: number): Sample {
    if (this.#settings.task === 'classification') sample.classCount = classCount;
    return sample;
  }

  #knownTarget(example: Example): readonly number[] | undefined {
    const { task } = this.#settings;
    if (task === undefined || isUnlabelled(example)) return undefined;
    if (task === 'regression') return [numberTarget(example)];
    checkClass(example);
    const position = this.#classes.find(example.target);
    return position < 0 ? undefined : this.#classes.vector(position);
  }

  /** y, after {@link #checkRoom}. */
  #target(example: Example): readonly number[] | undefined {
    const { task } = this.#settings;
    if (task === undefined || isUnlabelled(example)) return undefined;
    if (task === 'regression') return [numberTarget(example)];
    return this.#classes.vector(this.#classes.add(example.target));
  }

  #checkRoom(example: Example): void {
    const { task, classesMax } = this.#settings;
    if (task === undefined || isUnlabelled(example)) return;
    if (task === 'regression') {
      numberTarget(example);
      return;
    }
    checkClass(example);
    if (this.#classes.count >= classesMax && this.#classes.find(example.target) < 0)
      throw new SampleError('label', `there are ${classesMax} classes already (classesMax)`);
  }
}

const checkWeight = ({ weight }: Example): void => {
  if (weight === undefined || (Number.isFinite(weight) && weight >= 0)) return;
  throw new SampleError('value', `weight is ${weight}: expected a finite number of at least 0`);
};

/** Of a class, as MadeExample is: the samples of a burst are alive at once. */
class EncodedSample implements Sample {
  readonly x: readonly number[];
  // Declared alone: a field that is not set is not there.
  declare readonly y?: readonly number[];
  declare classCount?: number;
  declare readonly id?: string;
  declare readonly line?: number;
  declare readonly time?: number;
  declare readonly weight?: number;

  constructor(
    { id, line, time, weight }: Example,
    x: readonly number[],
    y: readonly number[] | undefined,
  ) {
    this.x = x;
    if (y !== undefined) this.y = y;
    if (id !== undefined) this.id = id;
    if (line !== undefined) this.line = line;
    if (time !== undefined) this.time = time;
    if (weight !== undefined) this.weight = weight;
  }
}
