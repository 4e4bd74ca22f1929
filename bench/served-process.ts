import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { setTimeout as later } from 'node:timers/promises';
import type { BuiltCli } from './built-cli.ts';

/** All that must be the same after a restart. */
export interface ServedState {
  readonly step: number;
  /** Over how many samples J has been summed up, and ΣJ with all its digits. */
  readonly cost: string;
  /** SHA-256 of all parameters. */
  readonly parameters: string;
}

/** How a process has ended. */
export interface Exit {
  readonly code: number | null;
  readonly stderr: string;
}

/** How long a state is waited for, in ms: the machine may have much else to do. */
const stateMs = 60_000;

/** `rivulet serve` in a process of its own. */
export class ServedProcess {
  readonly exited: Promise<Exit>;
  /** Its address; undefined where it ended before it listened. */
  readonly url: Promise<string | undefined>;
  readonly #child: ChildProcess;

  constructor(cli: BuiltCli, words: readonly string[]) {
    const child = cli.start(['serve', '--port', '0', ...words]);
    this.#child = child;
    let [said, stderr] = ['', ''];
    child.stderr!.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    this.exited = new Promise((resolve) => {
      child.on('close', (code) => resolve({ code, stderr }));
    });
    this.url = new Promise((resolve) => {
      child.stdout!.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        const found = /^Rivulet learns .*: (http:\/\/\S+)$/m.exec(said)?.[1];
        if (found !== undefined) resolve(found);
      });
      void this.exited.then(() => resolve(undefined));
    });
  }

  /** Kills it (SIGKILL); done when it is gone. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.exited;
  }

  /** What the model is when it has learned so many samples. Throws where it learns more, or never does. */
  async stateAt(step: number): Promise<ServedState> {
    const url = await this.#address();
    for (const startMs = performance.now(); performance.now() - startMs < stateMs; ) {
      const found = await stepOf(url);
      if (found > step) throw new Error(`${found} samples are learned, not ${step}`);
      if (found === step) return await stateOf(url);
      await later(20);
    }
    throw new Error(`${await stepOf(url)} samples are learned after ${stateMs} ms, not ${step}`);
  }

  /** Throws with what it said where it has ended. */
  async #address(): Promise<string> {
    const url = await this.url;
    if (url !== undefined) return url;
    const { code, stderr } = await this.exited;
    throw new Error(`it ended with code ${code}: ${stderr.trim().slice(-300)}`);
  }
}

/** Samples that the model has learned; 0 while there is none. */
export const stepOf = async (url: string): Promise<number> => {
  const answer = await fetch(`${url}v1/snapshot`);
  return answer.ok ? ((await answer.json()) as { step: number }).step : 0;
};

const stateOf = async (url: string): Promise<ServedState> => {
  const snapshot = await fetch(`${url}v1/snapshot`);
  const { step, cost } = (await snapshot.json()) as {
    step: number;
    cost: { count: number; sum: number };
  };
  const model = Buffer.from(await (await fetch(`${url}v1/model`)).arrayBuffer());
  // After the header, which names the epoch.
  const numbers = model.subarray(8 + Number(model.readBigUInt64LE(0)));
  const parameters = createHash('sha256').update(numbers).digest('hex');
  return { step, cost: `${cost.count} ${cost.sum}`, parameters };
};
