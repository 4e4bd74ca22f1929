import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { from, lastValueFrom } from 'rxjs';
import { standardMetrics } from '../../src/evaluate/standard-metrics.ts';
import { checkpointBytes } from '../../src/node/training/checkpoints/checkpoint-files.ts';
import { chooseLearner } from '../../src/node/training/learner-choice.ts';
import { restored } from '../../src/node/training/restored.ts';
import { Pipeline } from '../../src/pipeline.ts';
import type { Checkpoint } from '../../src/snapshot/checkpoint.ts';
import { behaviourOf, checkpointCases, examplesBefore, examplesOf } from './checkpoint-cases.ts';

// Writes test/golden/checkpoints: run `npm run golden`. Only when the format
// changes on purpose: `rivulet.checkpoint.N` must be another then, and old checkpoints are not read.
const folder = join(import.meta.dirname, 'checkpoints');
mkdirSync(folder, { recursive: true });
for (const file of readdirSync(folder)) rmSync(join(folder, file));

const main = async (): Promise<void> => {
  const behaviours: Record<string, unknown> = {};
  for (const { name, learner: learnerName, task } of checkpointCases) {
    const choice = chooseLearner(learnerName, {
      ...{ task, seed: 1, inputCount: 2, outputCount: task === 'regression' ? 1 : 2 },
    });
    const pipeline = new Pipeline({ task, ...choice, metrics: standardMetrics(task) });
    await lastValueFrom(pipeline.run(from(examplesOf(task).slice(0, examplesBefore))));
    const { inputCount, outputCount, composition = '' } = choice.learner;
    const checkpoint: Checkpoint = {
      model: { learner: learnerName, task, target: '', inputCount, outputCount, featureMax: 0, seed: 1, composition },
      history: { epoch: '01M8QCCF308SA9ZNZJVCMKQHTK', logs: { events: 3, errors: 1 } },
      ...{ isFinal: true, step: pipeline.step },
      cost: { count: pipeline.cost.count, sum: pipeline.cost.sum },
      producers: new Map([['p', 7]]),
      source: { name: 'golden.csv', taken: examplesBefore, rejected: 0 },
      memory: pipeline.saveFinite(),
    };
    const file = gzipSync(checkpointBytes(checkpoint), { level: 9 });
    writeFileSync(join(folder, `${name}.safetensors.gz`), file);
    behaviours[name] = await behaviourOf(restored(checkpoint).pipeline, task);
  }
  writeFileSync(join(folder, 'behaviours.json'), `${JSON.stringify(behaviours, null, 1)}\n`);
};

void main();
