import type { RandomMemory } from '../math/random.ts';

/** How many units a weight comes from and goes to. */
export interface Fan {
  /** Inputs of a unit: at least 1. */
  readonly in: number;
  /** Units of the layer: at least 1. */
  readonly out: number;
}

/** Draws the first weights of a layer. Biases begin at 0. A plain object without memory. */
export interface Initializer {
  /** Shown in descriptions. */
  readonly name: string;
  /** One weight of a layer with these numbers of units. */
  draw(random: RandomMemory, fan: Fan): number;
}
