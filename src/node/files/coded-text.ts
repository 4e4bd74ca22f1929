/** Text, and its characters as numbers: to read them from the string takes several times as long. */
export class CodedText {
  text = '';
  /** As many as the text has characters, and what was there before. */
  codes = new Uint16Array(0);

  /** Leaves out what lies before `from`, and adds more. */
  advance(from: number, more: string): void {
    this.text = this.text.slice(from) + more;
    const { length } = this.text;
    if (length > this.codes.length) this.codes = new Uint16Array(2 * length);
    Buffer.from(this.codes.buffer).write(this.text, 'utf16le');
  }
}
