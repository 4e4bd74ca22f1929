import { Counter, Gauge, Registry } from 'prom-client';
import type { Durability } from '../../../broadcast/durability.ts';
import type { Service } from '../../../broadcast/service.ts';
import type { Exchange, Route } from './route.ts';

/** The counters of each model: name, help, value. */
const counters: readonly (readonly [string, string, (service: Service) => number | undefined])[] = [
  ['samples_total', 'Samples learned', ({ broadcaster }) => broadcaster.step],
  ['scored_total', 'Samples scored', ({ broadcaster }) => broadcaster.snapshot?.cost.count],
  ['cost_total', 'Sum of J over all samples', ({ broadcaster }) => broadcaster.snapshot?.cost.sum],
  ['rejected_total', 'Samples refused', ({ broadcaster }) => broadcaster.snapshot?.rejected],
  [
    'dropped_total',
    'Samples dropped because a buffer was full',
    ({ broadcaster }) => broadcaster.gauges.dropped,
  ],
  [
    'events_total',
    'Entries of the log of events',
    ({ broadcaster }) => broadcaster.logs.events.last,
  ],
];

/** The checkpoints of each model that has any: the name, the help, the value. */
const checkpointCounter = [
  'rivulet_checkpoint_failures_total',
  'Checkpoints that could not be written',
] as const;
const checkpointGauges: readonly (readonly [string, string, (of: Durability) => number])[] = [
  [
    'rivulet_checkpoint_age_seconds',
    'Seconds since all that had been learned was last known to be in a checkpoint',
    ({ ageMs }) => ageMs / 1_000,
  ],
  [
    'rivulet_checkpoint_failing',
    '1 while no checkpoint can be written, else 0',
    ({ failure }) => (failure === undefined ? 0 : 1),
  ],
];

const addCheckpoints = (services: readonly Service[], registers: Registry[]): void => {
  const labelNames = ['model'];
  const [name, help] = checkpointCounter;
  const failures = new Counter({ name, help, labelNames, registers });
  const gauges = checkpointGauges.map(([gauge, what, read]) => ({
    gauge: new Gauge({ name: gauge, help: what, labelNames, registers }),
    read,
  }));
  for (const { name: model, checkpoints } of services) {
    if (!checkpoints) continue;
    failures.inc({ model }, checkpoints.failures);
    for (const { gauge, read } of gauges) gauge.set({ model }, read(checkpoints));
  }
};

/** `GET /metrics`: for Prometheus. */
export const prometheusRoute: Route = {
  method: 'GET',
  path: /^\/metrics$/,
  role: 'read',
  async handle(exchange) {
    const { response } = exchange;
    const registry = registryOf(exchange);
    const text = await registry.metrics();
    response.writeHead(200, { 'Content-Type': registry.contentType, 'Cache-Control': 'no-store' });
    response.end(text);
  },
};

/** Made anew for each scrape: the state is in the models, and nothing is kept twice. */
const registryOf = ({ services, connections }: Exchange): Registry => {
  const registry = new Registry();
  const registers = [registry];
  const labelNames = ['model'];
  for (const [name, help, read] of counters) {
    const counter = new Counter({ name: `rivulet_${name}`, help, labelNames, registers });
    for (const service of services) counter.inc({ model: service.name }, read(service) ?? 0);
  }
  const speed = new Gauge({
    name: 'rivulet_samples_per_second',
    help: 'Samples learned a second, over the last while',
    labelNames,
    registers,
  });
  const lag = new Gauge({
    name: 'rivulet_lag',
    help: 'Samples that wait to be learned',
    labelNames,
    registers,
  });
  const measure = new Gauge({
    name: 'rivulet_measure',
    help: 'The measures of the model, and of the guess "as last time" as its baseline',
    labelNames: ['model', 'name', 'of'],
    registers,
  });
  for (const { name: model, broadcaster } of services) {
    speed.set({ model }, broadcaster.samplesPerSecond);
    lag.set({ model }, broadcaster.gauges.lag);
    const { metrics = {}, baseline = {} } = broadcaster.snapshot ?? {};
    for (const [name, value] of Object.entries(metrics))
      measure.set({ model, name, of: 'model' }, value);
    for (const [name, value] of Object.entries(baseline)) {
      measure.set({ model, name, of: 'baseline' }, value);
    }
  }
  addCheckpoints(services, registers);
  // What is of the whole server would tell of the other models too.
  if (connections === undefined) return registry;
  const help = 'Connections at present';
  new Gauge({ name: 'rivulet_connections', help, registers }).set(connections);
  const memory = new Gauge({
    name: 'process_resident_memory_bytes',
    help: 'Resident memory',
    registers,
  });
  memory.set(process.memoryUsage.rss());
  return registry;
};
