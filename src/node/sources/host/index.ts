import { diskSensor, networkSensor } from './counters.ts';
import { eventLoopSensor } from './event-loop.ts';
import { memorySensor } from './memory.ts';
import { loadSensor, processorSensor } from './processor.ts';
import type { Sensor } from './sensor.ts';

/** Every group of sensors that {@link host} reads. */
export const sensors: readonly (() => Sensor)[] = [
  () => processorSensor(),
  () => loadSensor(),
  () => memorySensor(),
  () => eventLoopSensor(),
  () => networkSensor(),
  () => diskSensor(),
];
