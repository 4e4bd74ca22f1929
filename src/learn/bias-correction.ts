import { wholePower } from '../math/power.ts';

/**
 * 1 − βᵗ for a parameter of age t: a mean that began at zero, divided by it, has no bias towards
 * zero. A parameter that was made late has an age of its own; with the step of the whole network
 * its first steps would be many times too long.
 */
export const biasCorrections = (beta: number, step: number): ((born: number) => number) => {
  let known = -1;
  let correction = 1;
  // Parameters of one age lie together, so remembering the last answer saves nearly every power.
  return (born) => {
    if (born !== known) {
      known = born;
      correction = 1 - wholePower(beta, step - born);
    }
    return correction;
  };
};
