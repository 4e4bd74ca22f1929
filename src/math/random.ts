import { log } from './log.ts';
import { cosOfTurns } from './turns.ts';

const twoTo32 = 0x1_0000_0000;

/** The state of a seeded generator: four 32-bit words, plain data, changed in place. */
export type RandomMemory = Uint32Array;

/**
 * The state that a seed stands for. The words come from splitmix32, so that near seeds give
 * unrelated streams. Throws a RangeError where the seed is not a finite number.
 */
export const initialRandom = (seed: number): RandomMemory => {
  if (!Number.isFinite(seed)) throw new RangeError(`seed must be a finite number, not ${seed}`);
  const words = new Uint32Array(4);
  // Both halves of a seed count: milliseconds since 1970 are longer than 32 bits.
  let state = ((seed >>> 0) ^ Math.imul(Math.floor(seed / twoTo32) >>> 0, 0x85ebca6b)) >>> 0;
  for (let i = 0; i < 4; i++) {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    words[i] = mixed ^ (mixed >>> 15);
  }
  return words;
};

/**
 * The next 32 random bits, as an unsigned integer: xoshiro128**.
 * D. Blackman and S. Vigna, "Scrambled Linear Pseudorandom Number Generators", 2021.
 */
export const randomBits = (memory: RandomMemory): number => {
  const s0 = memory[0]!;
  const s1 = memory[1]!;
  const scrambled = Math.imul(rotateLeft(Math.imul(s1, 5), 7), 9) >>> 0;
  const third = memory[2]! ^ s0;
  const fourth = memory[3]! ^ s1;
  memory[1] = s1 ^ third;
  memory[0] = s0 ^ fourth;
  memory[2] = third ^ (s1 << 9);
  memory[3] = rotateLeft(fourth, 11);
  return scrambled;
};

/** A number in [0, 1) with 53 random bits. */
export const randomUniform = (memory: RandomMemory): number => {
  const high = randomBits(memory) >>> 5;
  const low = randomBits(memory) >>> 6;
  return (high * 0x400_0000 + low) / 0x20_0000_0000_0000;
};

/** A whole number in [0, below). `below` is a positive integer up to 2^32. */
export const randomInteger = (memory: RandomMemory, below: number): number =>
  Math.floor(randomUniform(memory) * below);

/** A number in [0, 1) with 32 random bits, in half the time of {@link randomUniform}. */
export const randomShare = (memory: RandomMemory): number => randomBits(memory) / twoTo32;

/**
 * Fills a vector with what {@link randomShare} would give, one after the other: each number that a
 * call returns is an object, unless the call is compiled into its caller.
 */
export const randomShares = (memory: RandomMemory, out: Float64Array): Float64Array => {
  for (let i = 0; i < out.length; i += 1) out[i] = randomBits(memory) / twoTo32;
  return out;
};

/** A whole number in [0, below), in half the time of {@link randomInteger}, for a `below` in thousands. */
export const randomIndex = (memory: RandomMemory, below: number): number =>
  indexAt(randomShare(memory), below);

/**
 * Which of `below` a share in [0, 1) stands for. `below` is less than 2^31: a floor would have to
 * look out for larger numbers, and for −0.
 */
export const indexAt = (share: number, below: number): number => (share * below) | 0;

/**
 * A draw from the normal distribution with mean 0 and variance 1: G. E. P. Box and M. E. Muller,
 * 1958. The second number of each pair is not kept, so that the state is the only memory.
 */
export const randomNormal = (memory: RandomMemory): number => {
  const radius = Math.sqrt(-2 * log(1 - randomUniform(memory)));
  return radius * cosOfTurns(randomUniform(memory));
};

/** Puts an array in random order, in place: the shuffle of Fisher and Yates. Returns it. */
export const shuffle = <T extends { [index: number]: unknown; readonly length: number }>(
  memory: RandomMemory,
  values: T,
): T => {
  for (let i = values.length - 1; i > 0; i--) {
    const j = randomInteger(memory, i + 1);
    const kept = values[i];
    values[i] = values[j];
    values[j] = kept;
  }
  return values;
};

const rotateLeft = (value: number, bits: number): number =>
  (value << bits) | (value >>> (32 - bits));
