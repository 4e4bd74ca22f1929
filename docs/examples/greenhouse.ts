import { EventEmitter } from 'node:events';
import { fromEmitter, Pipeline, pool } from 'rivulet';
import { broadcaster, serve } from 'rivulet/node';

export const sensors = new EventEmitter(); // Yours: whatever emits readings.
const readings = fromEmitter(sensors, 'reading', {
  map: (outside: number, window: string, inside: number) => ({
    features: { outside, window },
    target: inside,
  }),
});

const model = broadcaster({ name: 'greenhouse' });
const learner = pool({ task: 'regression', inputCount: 3, outputCount: 1 });
export const pipeline = new Pipeline({ task: 'regression', learner, audience: model });
pipeline.run(readings).subscribe();

export const server = await serve(model, { port: Number(process.env['PORT'] ?? 8080) });
