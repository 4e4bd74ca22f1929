export { agrawal } from './agrawal.ts';
export { friedman } from './friedman.ts';
export { hyperplane } from './hyperplane.ts';
export { led } from './led.ts';
export { randomRbf } from './random-rbf.ts';
export { sea } from './sea.ts';
