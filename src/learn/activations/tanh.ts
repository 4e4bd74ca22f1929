import { tanh as tanhOf } from '../../math/tanh.ts';
import { type Activation, elementwise } from '../activation.ts';

/** f(z) = tanh z, f′(z) = 1 − f(z)². */
export const tanh: Activation = elementwise('tanh', tanhOf, (_z, h) => 1 - h * h);
