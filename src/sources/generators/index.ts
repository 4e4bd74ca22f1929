export { type AgrawalOptions, agrawal } from './agrawal.ts';
export { type FriedmanOptions, friedman } from './friedman.ts';
export { type HyperplaneOptions, hyperplane } from './hyperplane.ts';
export { type LedOptions, led } from './led.ts';
export { type RandomRbfOptions, randomRbf } from './random-rbf.ts';
export { type SeaOptions, sea } from './sea.ts';
