import { minus, nine, zero } from './ascii.ts';
import { DecimalReader } from './decimal-reader.ts';
import type { Example } from './example.ts';
import { parseJson } from './json-text.ts';
import { MadeExample } from './made-example.ts';
import { exampleFromRecord, type RecordOptions } from './record.ts';

/** The texts and the numbers of a JSON text. */
const tokens = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;

const encoder = new TextEncoder();

/**
 * What JSON records have in common that differ in their numbers alone, as those of one sensor do. What
 * lies between the numbers is not parsed again, only compared: that takes less than half of the time.
 */
export class RecordTemplate {
  /** What lies before each number, and behind the last one, in UTF-8. */
  readonly #between: readonly Uint8Array[];
  readonly #values: Float64Array;
  readonly #decimal = new DecimalReader();
  /** For each feature that changes, its name and which number it is. */
  readonly #names: readonly string[];
  readonly #places: readonly number[];
  /** An example with what does not change. */
  readonly #example: Example;
  /** Which number the target is, and the time; −1 for one that does not change. */
  readonly #target: number;
  readonly #time: number;

  /** `marked` is an example that has the marks of the numbers in their places. */
  private constructor(between: readonly string[], marked: Example) {
    const { features, target, time } = marked;
    this.#between = between.map((text) => encoder.encode(text));
    this.#values = new Float64Array(between.length - 1);
    this.#names = Object.keys(features).filter((name) => placeOf(features[name]) >= 0);
    this.#places = this.#names.map((name) => placeOf(features[name]));
    this.#example = marked;
    this.#target = placeOf(target);
    this.#time = placeOf(time);
  }

  /**
   * The template of the text of a record from which {@link exampleFromRecord} makes an example;
   * undefined where a number does not stay one, such as one that is a name, or where the text is no
   * such record. Never throws: whether a record is good is decided by parsing, not by this shortcut.
   */
  static of(text: string, options: RecordOptions): RecordTemplate | undefined {
    try {
      return RecordTemplate.#of(text, options);
    } catch {
      return undefined;
    }
  }

  static #of(text: string, options: RecordOptions): RecordTemplate | undefined {
    const between: string[] = [];
    let end = 0;
    const markedText = text.replace(tokens, (token, at: number) => {
      if (token.startsWith('"')) return token;
      between.push(text.slice(end, at));
      end = at + token.length;
      return String(markOf(between.length - 1));
    });
    between.push(text.slice(end));
    const marked = exampleFromRecord(parseJson(markedText), options);
    const template = new RecordTemplate(between, marked);
    return template.#isWhole ? template : undefined;
  }

  /** The example of a record in UTF-8; undefined where the record is not like the template. */
  read(bytes: Uint8Array): Example | undefined {
    return this.#readNumbers(bytes) ? this.#filled() : undefined;
  }

  /** A name that comes twice hides a number; an id is a text. */
  get #isWhole(): boolean {
    const found = new Set([...this.#places, this.#target, this.#time]);
    const { id } = this.#example;
    return id === undefined && Array.from(this.#values.keys()).every((place) => found.has(place));
  }

  #readNumbers(bytes: Uint8Array): boolean {
    const decimal = this.#decimal;
    const values = this.#values;
    let at = 0;
    for (let k = 0; k < values.length; k += 1) {
      const from = behind(this.#between[k]!, bytes, at);
      if (from < 0) return false;
      at = decimal.read(bytes, from);
      if (Number.isNaN(decimal.value) || !isJson(bytes, from, at)) return false;
      values[k] = decimal.value;
    }
    return behind(this.#between[values.length]!, bytes, at) === bytes.length;
  }

  #filled(): Example {
    const { features: blank, target, time } = this.#example;
    const values = this.#values;
    const features: Record<string, unknown> = { ...blank };
    for (let i = 0; i < this.#names.length; i += 1) {
      features[this.#names[i]!] = values[this.#places[i]!]!;
    }
    const example = new MadeExample(features);
    if (target !== undefined) example.target = this.#target < 0 ? target : values[this.#target]!;
    if (time !== undefined) example.time = this.#time < 0 ? time : values[this.#time]!;
    return example;
  }
}

/** Stands for a number of the text. A moment, which may be written as a text, is never such a number. */
const markOf = (place: number): number => place + 0.5;

/** Which number of the text a mark stands for; −1: it is none. */
const placeOf = (value: unknown): number =>
  typeof value === 'number' && !Number.isInteger(value) ? value - 0.5 : -1;

/** The position after an expected part; −1 if the part is absent. */
const behind = (expected: Uint8Array, bytes: Uint8Array, at: number): number => {
  for (let i = 0; i < expected.length; i += 1) if (bytes[at + i] !== expected[i]) return -1;
  return at + expected.length;
};

/** JSON knows no 01, no .5 and no 1. as a reader of decimals does. */
const isJson = (bytes: Uint8Array, from: number, to: number): boolean => {
  const first = bytes[from] === minus ? from + 1 : from;
  const isLeading = bytes[first] === zero && isDigit(bytes[first + 1]);
  return isDigit(bytes[first]) && isDigit(bytes[to - 1]) && !isLeading;
};

const isDigit = (byte: number | undefined): boolean =>
  byte !== undefined && byte >= zero && byte <= nine;
