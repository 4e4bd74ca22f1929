import { filter, take, tap } from 'rxjs';
import { broadcaster } from '../../../../src/node/server/broadcaster.ts';
import { fromMqtt } from '../../../../src/node/sources/mqtt/from-mqtt.ts';
import { CheckpointFolder } from '../../../../src/node/training/checkpoints/checkpoint-folder.ts';
import { Checkpointer } from '../../../../src/node/training/checkpoints/checkpointer.ts';
import { chooseLearner } from '../../../../src/node/training/learner-choice.ts';
import { Pipeline } from '../../../../src/pipeline.ts';

// A program that learns the names on a topic as classes, which are never recycled, and keeps checkpoints,
// until it knows a number of them.
const [, , url = '', path = '', wanted = '', thread = '', qos = '1'] = process.argv;

const folder = await CheckpointFolder.open(path);
const { checkpoint } = (await folder.newest()) ?? {};
const shown = broadcaster({ name: 'names' });
const task = 'classification';
const choice = chooseLearner('network', { task, seed: 1, inputCount: 1, outputCount: 1 });
const pipeline = new Pipeline({ task, ...choice });
if (checkpoint) pipeline.load(checkpoint.memory);
const capture = () => ({
  model: {},
  ...{ step: pipeline.step, cost: pipeline.cost, memory: pipeline.saveFinite() },
  ...{ producers: new Map(), source: { name: 'names', taken: 0 } },
});
const checkpoints = new Checkpointer({ folder, shown, capture });
const examples = fromMqtt(url, {
  ...{ topics: 'names', clientId: 'names', thread: thread === 'thread' },
  qos: Number(qos) as 1 | 2,
  kept: () => checkpoints.saved(),
});
pipeline
  .run(examples)
  .pipe(
    tap(({ step }) => console.log(step)),
    filter(() => pipeline.classes!.length >= Number(wanted)),
    take(1),
  )
  .subscribe(() => void checkpoints.close().then(() => process.exit()));
