export { type AdagradOptions, adagrad } from './adagrad.ts';
export { type AdamOptions, adam } from './adam.ts';
export { type AdamwOptions, adamw } from './adamw.ts';
export { type MomentumOptions, momentum } from './momentum.ts';
export { type NesterovOptions, nesterov } from './nesterov.ts';
export { type RmspropOptions, rmsprop } from './rmsprop.ts';
export { type SgdOptions, sgd } from './sgd.ts';
