export { type AdwinMemory, type AdwinOptions, adwin } from './adwin.ts';
export { type DdmMemory, type DdmOptions, ddm } from './ddm.ts';
export { type HddmAMemory, type HddmAOptions, hddmA } from './hddm-a.ts';
export { type KswinMemory, type KswinOptions, kswin } from './kswin.ts';
export { type PageHinkleyMemory, type PageHinkleyOptions, pageHinkley } from './page-hinkley.ts';
