export { fromAsyncIterable } from './async-iterable.ts';
export { digitExamples, digits } from './digits.ts';
export { fromEmitter } from './emitter.ts';
export { fromEventTarget } from './event-target.ts';
export { agrawal, friedman, hyperplane, led, randomRbf, sea } from './generators/index.ts';
