import type { RandomMemory } from '../math/random.ts';

/** How many units a weight comes from and goes to. */
export interface Fan {
  readonly in: number;
  readonly out: number;
}

/** Draws the first weights of a layer. Biases begin at 0. A plain object without memory. */
export interface Initializer {
  readonly name: string;
  /** One weight of a layer with these numbers of units. */
  draw(random: RandomMemory, fan: Fan): number;
}
