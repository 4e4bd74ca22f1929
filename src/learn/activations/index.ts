export { identity } from './identity.ts';
export { leakyRelu } from './leaky-relu.ts';
export { relu } from './relu.ts';
export { sigmoid } from './sigmoid.ts';
export { softmax } from './softmax.ts';
export { softplus } from './softplus.ts';
export { tanh } from './tanh.ts';
