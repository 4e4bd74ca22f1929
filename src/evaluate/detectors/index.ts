export { adwin } from './adwin.ts';
export { ddm } from './ddm.ts';
export { hddmA } from './hddm-a.ts';
export { kswin } from './kswin.ts';
export { pageHinkley } from './page-hinkley.ts';
