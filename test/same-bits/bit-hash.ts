const double = new Float64Array(1);
const bytes = new Uint8Array(double.buffer);

/** Hashes plain data by the bits of its numbers: FNV-1a. */
export class BitHash {
  #state = 0x811c9dc5;

  /** Numbers, texts, arrays of any kind, and objects of them. */
  add(value: unknown): this {
    if (typeof value === 'number') this.#number(value);
    else if (typeof value === 'string') this.#text(value);
    else if (ArrayBuffer.isView(value) || Array.isArray(value)) {
      const list = value as unknown as ArrayLike<unknown>;
      this.#number(list.length);
      for (let i = 0; i < list.length; i += 1) this.add(list[i]);
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, part] of Object.entries(value)) this.add(name).add(part);
    } else this.#text(String(value));
    return this;
  }

  get text(): string {
    return this.#state.toString(16).padStart(8, '0');
  }

  #number(value: number): void {
    // The language does not say which of its many bit patterns a NaN has.
    double[0] = Number.isNaN(value) ? 0x7ff8dead : value;
    for (const byte of bytes) this.#byte(byte);
  }

  #text(text: string): void {
    for (let i = 0; i < text.length; i += 1) this.#byte(text.charCodeAt(i));
    this.#byte(0xff);
  }

  #byte(byte: number): void {
    this.#state = Math.imul(this.#state ^ byte, 0x01000193) >>> 0;
  }
}

export const hashOf = (...values: readonly unknown[]): string => new BitHash().add(values).text;
