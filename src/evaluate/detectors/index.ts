export { type AdwinOptions, adwin } from './adwin.ts';
export { type DdmOptions, ddm } from './ddm.ts';
export { type HddmAOptions, hddmA } from './hddm-a.ts';
export { type KswinOptions, kswin } from './kswin.ts';
export { type PageHinkleyOptions, pageHinkley } from './page-hinkley.ts';
