/** What is left of the bytes that came: pieces are added at its end, what is done with is left out. */
export class ByteWindow {
  bytes = Buffer.alloc(1);
  /** How many of the bytes count; the one behind them is 0, for who looks one too far. */
  length = 0;

  /** Leaves out what lies before `from`, and adds a copy of more. */
  advance(from: number, more: Uint8Array): void {
    const rest = this.length - from;
    const old = this.bytes;
    this.length = rest + more.length;
    if (this.length >= old.length) this.bytes = Buffer.alloc(2 * this.length + 1);
    old.copy(this.bytes, 0, from, from + rest);
    this.bytes.set(more, rest);
    this.bytes[this.length] = 0;
  }

  /** Where a byte comes next, from `from` on; −1: not among those that count. */
  indexOf(byte: number, from: number): number {
    const at = this.bytes.indexOf(byte, from);
    return at < this.length ? at : -1;
  }

  /** The text between two places. What is no UTF-8 becomes U+FFFD. */
  text(from: number, to: number): string {
    return this.bytes.toString('utf8', from, to);
  }
}
