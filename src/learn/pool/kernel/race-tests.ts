import { capacityFor } from '../../../math/capacity.ts';
import { allocate, type Block } from '../../../math/wasm/arena.ts';
import type { Memory } from '../../learner.ts';
import { float32s, int32s } from '../../memory-fields.ts';
import { type RaceProgram, raceProgram, testsInSlot } from './race-code.ts';

/** What {@link RaceTests} are made for. */
export interface RaceShape {
  /** Sums that each of the two sides of a test has. */
  readonly sumCount: number;
  /** What the sums are: the weight of each class, or n, Σy and Σy². */
  readonly sumsOf: 'classes' | 'numbers';
}

/** Numbers that a slot of tests takes, and one sum of both sides of them. */
const width = 2 * testsInSlot;

/** Its capacity. */
interface Room {
  readonly slots: number;
  readonly sums: number;
  readonly point: number;
}

/**
 * Slots of tests of one input each, and sums of what fell on either side, where the kernel can reach
 * them. Tests are numbered through all slots. There is capacity for more slots, sums and inputs, whose
 * numbers are 0, so that most growth moves nothing.
 */
export class RaceTests {
  readonly #sumsOf: RaceShape['sumsOf'];
  #sumCount: number;
  #room!: Room;
  #block: Block | undefined;
  #program!: RaceProgram;
  #point!: Float32Array;
  #inputs!: Int32Array;
  #thresholds!: Float32Array;
  #sums!: Float32Array;
  /** What each test of the slot scored last gains: infinite where it is too early to say. */
  scores!: Float64Array;
  #sides: Float32Array;
  #addresses!: Record<'scores' | 'point' | 'tests' | 'sums', number>;

  constructor({ sumCount, sumsOf }: RaceShape) {
    this.#sumsOf = sumsOf;
    this.#sumCount = sumCount;
    this.#sides = new Float32Array(2 * sumCount);
    this.#allocate({ slots: 1, sums: sumCount, point: 4 });
  }

  input(test: number): number {
    // It is an address in the point.
    return this.#inputs[placeOf(test)]! / 4;
  }

  threshold(test: number): number {
    return this.#thresholds[placeOf(test) + testsInSlot]!;
  }

  /** Replaces a test, and forgets what fell on its sides. */
  set(test: number, input: number, threshold: number): void {
    const place = placeOf(test);
    this.#inputs[place] = 4 * input;
    this.#thresholds[place + testsInSlot] = threshold;
    const sums = this.#sums;
    const sumCount = this.#sumCount;
    let at = this.#sumAt(test);
    for (let k = 0; k < sumCount; k += 1, at += width) {
      sums[at] = 0;
      sums[at + testsInSlot] = 0;
    }
  }

  /** The point that the next {@link RaceTests.add} is about. */
  setPoint(z: Float64Array): void {
    if (z.length > this.#point.length) this.#move({ ...this.#room, point: 2 * z.length });
    const point = this.#point;
    for (let i = 0; i < z.length; i += 1) point[i] = z[i]!;
  }

  /** Adds values to the sums, from the first-th on, of the side of each test on which the point falls. */
  add(slot: number, first: number, values: Float64Array): void {
    const at = this.#addresses;
    const tests = at.tests + 4 * width * slot;
    const sums = at.sums + 4 * width * (slot * this.#room.sums + first);
    if (this.#sumsOf === 'classes') this.#program.addWeight(tests, at.point, sums, values[0]!);
    else this.#program.addNumbers(tests, at.point, sums, values[0]!, values[1]!, values[2]!);
  }

  /** Fills the scores with those of a slot. */
  score(slot: number): void {
    const sums = this.#addresses.sums + 4 * width * slot * this.#room.sums;
    const end = sums + 4 * width * this.#sumCount;
    if (this.#sumsOf === 'classes') this.#program.scoreClasses(sums, end, this.#addresses.scores);
    else this.#program.scoreNumbers(sums, end, this.#addresses.scores);
  }

  /** The sums of the left side of a test, then of the right side: until the next call. */
  sidesOf(test: number): Float32Array {
    const sumCount = this.#sumCount;
    const sides = this.#sides;
    const first = this.#sumAt(test);
    for (let k = 0; k < sumCount; k += 1) {
      sides[k] = this.#sums[first + k * width]!;
      sides[sumCount + k] = this.#sums[first + k * width + testsInSlot]!;
    }
    return sides;
  }

  /** Ensures a capacity of `slotCount` slots. */
  reserve(slotCount: number): void {
    if (slotCount > this.#room.slots) this.#move({ ...this.#room, slots: capacityFor(slotCount) });
  }

  /** Adds sums to each side. Only the first slots stay. */
  grow(sumCount: number, slotCount: number): void {
    this.#sumCount = sumCount;
    this.#sides = new Float32Array(2 * sumCount);
    if (sumCount <= this.#room.sums) return;
    const slots = Math.min(this.#room.slots, slotCount);
    this.#move({ ...this.#room, slots, sums: capacityFor(sumCount) });
  }

  /** A copy of the first slots. */
  save(slotCount: number): Memory {
    const length = width * this.#sumCount;
    const sums = new Float32Array(slotCount * length);
    for (let slot = 0; slot < slotCount; slot += 1) {
      const at = slot * width * this.#room.sums;
      sums.set(this.#sums.subarray(at, at + length), slot * length);
    }
    return { tests: this.#inputs.slice(0, width * slotCount), sums };
  }

  load(memory: Memory): void {
    const tests = int32s(memory, 'tests');
    const sums = float32s(memory, 'sums');
    const slotCount = tests.length / width;
    this.reserve(slotCount);
    this.#inputs.set(tests);
    const length = width * this.#sumCount;
    for (let slot = 0; slot < slotCount; slot += 1) {
      const of = sums.subarray(slot * length, (slot + 1) * length);
      this.#sums.set(of, slot * width * this.#room.sums);
    }
  }

  #sumAt(test: number): number {
    const place = test % testsInSlot;
    return 2 * (test - place) * this.#room.sums + place;
  }

  /** Moves to another block, of a larger capacity. */
  #move(room: Room): void {
    const old = { block: this.#block, inputs: this.#inputs, sums: this.#sums, room: this.#room };
    this.#allocate(room);
    const slots = Math.min(room.slots, old.room.slots);
    this.#inputs.set(old.inputs.subarray(0, width * slots));
    const [from, to] = [width * old.room.sums, width * room.sums];
    for (let slot = 0; slot < slots; slot += 1) {
      this.#sums.set(old.sums.subarray(slot * from, (slot + 1) * from), slot * to);
    }
    old.block?.free();
  }

  #allocate(room: Room): void {
    const pointWidth = 4 * Math.ceil(room.point / 4);
    const scores = 2 * testsInSlot;
    const testWidth = width * room.slots;
    const sumWidth = testWidth * room.sums;
    const count = scores + pointWidth + testWidth + sumWidth;
    this.#room = room;
    this.#block = allocate(4 * count, this);
    this.#program = raceProgram(this.#block);
    const { buffer, address } = this.#block;
    const point = address + 4 * scores;
    const tests = point + 4 * pointWidth;
    const sums = tests + 4 * testWidth;
    this.#addresses = { scores: address, point, tests, sums };
    this.scores = new Float64Array(buffer, address, testsInSlot);
    this.#point = new Float32Array(buffer, point, pointWidth);
    this.#inputs = new Int32Array(buffer, tests, testWidth);
    this.#thresholds = new Float32Array(buffer, tests, testWidth);
    this.#sums = new Float32Array(buffer, sums, sumWidth);
  }
}

/** Where the input of a test lies: its threshold lies `testsInSlot` further. */
const placeOf = (test: number): number => 2 * test - (test % testsInSlot);
