import { Duplex } from 'node:stream';

/** A connection without a socket: a server is given it, and a test writes and reads its other end. */
export class Wire extends Duplex {
  /** All that the server has written. */
  answer = '';
  readonly remoteAddress = '127.0.0.1';

  override _read(): void {}

  override _write(chunk: Buffer, _: string, done: () => void): void {
    this.answer += chunk.toString('latin1');
    done();
  }

  setTimeout(): this {
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  destroySoon(): void {
    if (this.writableFinished) this.destroy();
    else this.end(() => this.destroy());
  }
}
