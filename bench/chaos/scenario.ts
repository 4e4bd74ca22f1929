import { setTimeout as later } from 'node:timers/promises';
import { type RandomMemory, randomUniform } from '../../src/math/random.ts';
import type { BuiltCli } from '../built-cli.ts';
import type { ServedProcess, ServedState } from '../served-process.ts';

/** What a scenario is given. */
export interface Surroundings {
  readonly cli: BuiltCli;
  /** A folder of its own. */
  readonly folder: string;
  readonly kills: number;
  readonly random: RandomMemory;
}

/** What a scenario has found. It throws where something was lost, learned twice or is another. */
export interface Outcome {
  /** Kills that hit a process that learned. */
  readonly kills: number;
  /** What was compared, in a few words. */
  readonly compared: string;
}

/** A kind of stream, with a process that is killed while it learns it. */
export interface Scenario {
  readonly name: string;
  run(surroundings: Surroundings): Promise<Outcome>;
}

/** A random whole number from 0 to below `end`. */
export const randomBelow = (random: RandomMemory, end: number): number =>
  Math.floor(end * randomUniform(random));

/** So long, in ms, a process lives at most after it listens. */
const lifeMs = 1_000;

/** Kills a process at a random moment: one in five before it listens. */
export const killSoon = async (server: ServedProcess, random: RandomMemory): Promise<void> => {
  const [isEarly, moment] = [randomUniform(random) < 0.2, randomUniform(random)];
  if (!isEarly) await server.url;
  await later(moment * lifeMs);
  await server.kill();
};

/** Starts and kills a process again and again. */
export const killOften = async (
  start: () => ServedProcess,
  { kills, random }: Pick<Surroundings, 'kills' | 'random'>,
  meanwhile: (server: ServedProcess) => Promise<unknown> = async () => {},
): Promise<void> => {
  for (let k = 0; k < kills; k += 1) {
    const server = start();
    const others = meanwhile(server);
    await killSoon(server, random);
    await others;
  }
};

/** Throws where two models differ in anything. */
export const compareStates = (found: ServedState, expected: ServedState): void => {
  for (const name of ['step', 'cost', 'parameters'] as const) {
    if (found[name] === expected[name]) continue;
    throw new Error(`${name} is ${found[name]}, without kills ${expected[name]}`);
  }
};
