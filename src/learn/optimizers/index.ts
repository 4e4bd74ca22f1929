export { adagrad } from './adagrad.ts';
export { adam } from './adam.ts';
export { adamw } from './adamw.ts';
export { momentum } from './momentum.ts';
export { nesterov } from './nesterov.ts';
export { rmsprop } from './rmsprop.ts';
export { sgd } from './sgd.ts';
