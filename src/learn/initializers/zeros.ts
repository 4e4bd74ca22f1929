import type { Initializer } from '../initializer.ts';

/** All 0: for an output layer, whose first prediction is then neutral. */
export const zeros: Initializer = { name: 'zeros', draw: () => 0 };
