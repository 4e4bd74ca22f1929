export { type AdagradMemory, type AdagradOptions, adagrad } from './adagrad.ts';
export { type AdamMemory, type AdamOptions, adam } from './adam.ts';
export { type AdamwOptions, adamw } from './adamw.ts';
export { type MomentumOptions, momentum, type VelocityMemory } from './momentum.ts';
export { type NesterovOptions, nesterov } from './nesterov.ts';
export { type RmspropMemory, type RmspropOptions, rmsprop } from './rmsprop.ts';
export { type SgdOptions, sgd } from './sgd.ts';
