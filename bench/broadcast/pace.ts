import { setTimeout as sleep } from 'node:timers/promises';
import type { Observable } from 'rxjs';
import type { Snapshot } from '../../src/snapshot/snapshot.ts';

/** How fast a training went for a while. */
export interface Going {
  /** Samples a second. */
  readonly rate: number;
  /** Samples in the time that the processor takes for one lap of the gauge. */
  readonly perLap: number;
}

interface Mark {
  readonly step: number;
  readonly at: number;
  readonly lapMs: number;
  readonly laps: number;
}

/**
 * How fast a training goes, between the first and the last snapshot that come in a time: counted
 * by the clock, there would be one more or one less.
 */
export class Pace {
  readonly #subscription: { unsubscribe(): void };
  #first: Mark | undefined;
  #last: Mark | undefined;

  constructor(snapshots: Observable<Snapshot>, gauge: Float64Array) {
    this.#subscription = snapshots.subscribe(({ step }) => {
      this.#last = { step, at: performance.now(), lapMs: gauge[0]!, laps: gauge[1]! };
      this.#first ??= this.#last;
    });
  }

  /** Done when the training has begun: on a busy machine its thread takes some seconds to start. */
  async begun(): Promise<void> {
    while (!this.#first) await sleep(50);
  }

  async over(ms: number): Promise<Going> {
    this.#first = undefined;
    await sleep(ms);
    const [first, last] = [this.#first!, this.#last!];
    const perMs = (last.step - first.step) / (last.at - first.at);
    const lapMs = (last.lapMs - first.lapMs) / (last.laps - first.laps);
    return { rate: 1000 * perMs, perLap: perMs * lapMs };
  }

  end(): void {
    this.#subscription.unsubscribe();
  }
}
