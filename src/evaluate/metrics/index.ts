export { accuracy } from './accuracy.ts';
export { mae } from './mae.ts';
