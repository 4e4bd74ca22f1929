import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What the process of the viewers is told, and what it tells. */
export type ViewersOrder =
  | {
      readonly op: 'open';
      readonly url: string;
      readonly count: number;
      readonly topics: readonly string[];
      readonly maxHz: number;
      /** Whether they read. Those who do not fill every buffer on the way. */
      readonly reads: boolean;
      /** How the parameters are written. Default `q8`. */
      readonly enc?: 'f32' | 'q8';
      /** How many frames may be on the way. Default: as many as the server thinks right. */
      readonly window?: number;
    }
  | { readonly op: 'leave' }
  | { readonly op: 'count' }
  | { readonly op: 'plain'; readonly url: string; readonly count: number };

/** Viewers in a process of their own, so that their work is not the server's. */
export interface Viewers {
  /** Sends an order; resolves with the answer. */
  ask(order: ViewersOrder): Promise<ViewersCount>;
  end(): void;
}

/** What the viewers have seen. */
export interface ViewersCount {
  readonly open: number;
  readonly messages: number;
  readonly bytes: number;
  /** What their process has taken of a processor, in ms. */
  readonly cpuMs: number;
  /** From connecting to a whole model, in ms, of each that has one. */
  readonly joinMs: readonly number[];
}

/** Starts the process. */
export const startViewers = (): Viewers => {
  const child = fork(fileURLToPath(new URL('./viewers-process.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
  });
  const waiting: ((count: ViewersCount) => void)[] = [];
  child.on('message', (count: ViewersCount) => waiting.shift()?.(count));
  return {
    ask: (order) =>
      new Promise((resolve) => {
        waiting.push(resolve);
        child.send(order);
      }),
    end: () => child.kill(),
  };
};
