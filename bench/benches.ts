export { accuracy } from './accuracy.ts';
export { broadcast } from './broadcast.ts';
export { encoding } from './encode.ts';
export { poolRate } from './pool.ts';
export { size } from './size.ts';
export { sources } from './sources.ts';
export { start } from './start.ts';
export { step } from './step.ts';
