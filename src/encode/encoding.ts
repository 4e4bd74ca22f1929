import { type Example, featuresOf } from '../sources/example.ts';
import type { Sample } from '../sources/sample.ts';
import { badWeight, isWeight } from '../sources/sample-range.ts';
import { SampleError } from '../stream/rejection.ts';
import type { NewInputsReport } from './new-inputs.ts';
import { initialNewcomers, type NewcomersMemory } from './newcomers.ts';
import { type RecordSettings, RecordVectors } from './record-vectors.ts';
import type { Slot } from './slots.ts';
import { ClassVectors, checkClass, numberTarget } from './targets.ts';
import { isUnlabelled, type Task } from './task.ts';

/** The options of an encoder, complete. */
export interface EncodingSettings extends RecordSettings {
  readonly task: Task | undefined;
  readonly classesMax: number;
  /** Told of new inputs that were left out, or took the slots of others. */
  readonly reported: { next(report: NewInputsReport): void } | undefined;
}

/** What an encoding works on. */
interface Remembered {
  readonly slots: Slot[];
  readonly classes: string[];
  /** Absent in a memory of an earlier version. */
  newcomers?: NewcomersMemory;
}

/** An encoder's memory with all that makes it quick to use; that follows from the memory alone. */
export class Encoding {
  readonly #settings: EncodingSettings;
  readonly #records: RecordVectors;
  readonly #classes: ClassVectors;

  /** Works on the memory itself. */
  constructor(memory: Remembered, settings: EncodingSettings) {
    this.#settings = settings;
    memory.newcomers ??= initialNewcomers();
    this.#records = new RecordVectors(memory.slots, memory.newcomers, settings);
    this.#classes = new ClassVectors(memory.classes);
  }

  /** Whether it speaks of this memory, and the memory is as it left it. */
  isOf({ slots, classes, newcomers }: Remembered): boolean {
    return this.#records.isOf(slots, newcomers) && this.#classes.isOf(classes);
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
    checkId(example);
    const { count } = this.#classes;
    if (!this.#records.isWhole) return this.#sample(this.#withNew(example, features), count);
    this.#records.take(x);
    return this.#sample(new EncodedSample(example, x, this.#target(example)), count);
  }

  #withNew(example: Example, features: object): EncodedSample {
    const { x, forgotten } = this.#records.takeWithNew(features);
    const { reported } = this.#settings;
    const report = reported && this.#records.report();
    if (report) reported.next(report);
    return new EncodedSample(example, x, this.#target(example), forgotten);
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
      throw tooManyClasses(example.target, classesMax);
  }
}

const tooManyClasses = (target: unknown, classesMax: number): SampleError =>
  new SampleError(
    'label',
    `${JSON.stringify(String(target).slice(0, 40))} would be a new class, and there are ${classesMax} already: raise classesMax, or predict a number`,
  );

const checkWeight = ({ weight }: Example): void => {
  if (weight !== undefined && !isWeight(weight)) throw badWeight(weight);
};

/** Later stages keep ids and look them up: an object would be kept with all that it refers to. */
const checkId = ({ id }: Example): void => {
  if (id === undefined || typeof id === 'string' || typeof id === 'number') return;
  throw new SampleError('value', `id is a ${typeof id}: expected a text`);
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
  declare readonly forgotten?: readonly number[];

  constructor(
    { id, line, time, weight }: Example,
    x: readonly number[],
    y: readonly number[] | undefined,
    forgotten?: readonly number[],
  ) {
    this.x = x;
    if (y !== undefined) this.y = y;
    if (id !== undefined) this.id = id;
    if (line !== undefined) this.line = line;
    if (time !== undefined) this.time = time;
    if (weight !== undefined) this.weight = weight;
    if (forgotten !== undefined) this.forgotten = forgotten;
  }
}
