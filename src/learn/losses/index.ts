export { binaryCrossEntropy } from './binary-cross-entropy.ts';
export { crossEntropy } from './cross-entropy.ts';
export { halfSquaredError } from './half-squared-error.ts';
export { huber } from './huber.ts';
