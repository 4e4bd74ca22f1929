import { filter, take, tap } from 'rxjs';
import { Network } from '../../../src/learn/network.ts';
import { broadcaster } from '../../../src/node/broadcaster.ts';
import { CheckpointFolder } from '../../../src/node/checkpoints/checkpoint-folder.ts';
import { Checkpointer } from '../../../src/node/checkpoints/checkpointer.ts';
import { fromMqtt } from '../../../src/node/mqtt/from-mqtt.ts';
import { Pipeline } from '../../../src/pipeline.ts';

// A program that learns the names on a topic and keeps checkpoints, until it knows so many of them.
const [, , url = '', path = '', wanted = '', thread = '', qos = '1'] = process.argv;

const folder = await CheckpointFolder.open(path);
const { checkpoint } = (await folder.newest()) ?? {};
const shown = broadcaster({ name: 'names' });
const learner = new Network({ sizes: [1, 1], engine: 'reference' });
const pipeline = new Pipeline({ task: 'regression', learner });
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
    filter(() => learner.inputCount >= Number(wanted)),
    take(1),
  )
  .subscribe(() => void checkpoints.close().then(() => process.exit()));
