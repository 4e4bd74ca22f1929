export { glorot } from './glorot.ts';
export { he } from './he.ts';
export { zeros } from './zeros.ts';
