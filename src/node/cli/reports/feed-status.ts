import ansis from 'ansis';
import { createLogUpdate } from 'log-update';
import type { ConnectionState } from '../../../client/link.ts';
import { count } from '../terminal/figures.ts';
import { oneLine } from '../terminal/misuse.ts';
import type { FedRows } from './fed-rows.ts';

/** Milliseconds between two lines on a terminal at least. */
const drawMs = 100;

/** The interval after which the same reason is reported again, in ms: rows may have arrived in between. */
const againMs = 60_000;

/**
 * Says how rows come along, and why they wait: on a terminal in one line that is drawn again and
 * again, elsewhere in a line when they begin to wait, not at every attempt in between.
 */
export class FeedStatus {
  readonly #rows: FedRows;
  readonly #url: string;
  readonly #output: NodeJS.WriteStream;
  readonly #draw: ReturnType<typeof createLogUpdate> | undefined;
  #told: { readonly reason: string; readonly atMs: number } | undefined;
  #isAway = false;
  #drawnMs = Number.NEGATIVE_INFINITY;

  constructor(rows: FedRows, url: string, output: NodeJS.WriteStream = process.stderr) {
    this.#rows = rows;
    this.#url = oneLine(url);
    this.#output = output;
    // One that does not know how wide it is has no columns to draw in.
    if (output.isTTY && output.columns > 0) this.#draw = createLogUpdate(output);
  }

  /** The server is not there, or is there again. */
  changed({ phase, reason, retryMs }: ConnectionState): void {
    if (retryMs !== undefined && !this.#isAway) {
      this.#isAway = true;
      this.waiting(reason);
    } else if (phase === 'live' && this.#isAway) {
      this.#isAway = false;
      this.#told = undefined;
      this.#say(`connected to ${this.#url}`);
    }
  }

  /** Rows wait, for this reason. */
  waiting(reason: string): void {
    const atMs = performance.now();
    const isTold = this.#told?.reason === reason && atMs - this.#told.atMs < againMs;
    if (!this.#draw && isTold) return;
    this.#told = { reason, atMs };
    this.#say(`waiting for ${this.#url}: ${oneLine(reason)}`);
  }

  /** So many rows that had arrived are forgotten. */
  forgot(many: number): void {
    const rows = `${count(many)} ${many === 1 ? 'row' : 'rows'}`;
    this.#say(`${this.#url} resumed from an older checkpoint: it has forgotten ${rows}`);
  }

  /** Rows have arrived. */
  arrived(): void {
    const nowMs = performance.now();
    if (!this.#draw || nowMs - this.#drawnMs < drawMs) return;
    this.#drawnMs = nowMs;
    const { result, bytes } = this.#rows;
    const share = bytes.total ? `${Math.floor((100 * bytes.read) / bytes.total)} % read` : '';
    const forgotten = result.forgotten > 0 ? `${count(result.forgotten)} forgotten` : '';
    const arrived = `${count(result.fed)} rows have arrived`;
    const facts = [share, arrived, forgotten, `step ${count(result.step)}`];
    this.#draw(facts.filter(Boolean).join(ansis.dim(' · ')));
  }

  /** Takes the line away. */
  clear(): void {
    this.#draw?.clear();
  }

  #say(text: string): void {
    if (this.#draw) this.#draw(text);
    else this.#output.write(`rivulet: ${text}\n`);
  }
}
