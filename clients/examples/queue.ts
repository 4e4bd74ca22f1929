// A consumer of a queue: the next message is taken when the one before is learned, and acknowledged
// then. Nothing is buffered, and nothing is lost. Put your broker's client in the place of the Queue.
//
//   npx tsx clients/examples/queue.ts

import { fileURLToPath } from 'node:url';
import { type Example, mae, Pipeline, pool, trainFrom } from 'rivulet';

/** A message of a queue that wants to be told when it is done. */
export interface Message {
  readonly body: Example;
  ack(): void;
}

/** A queue as most of them are: it waits when it is empty. */
export interface Queue {
  take(): Promise<Message | undefined>;
}

/** The examples of a queue. A generator goes on only when its value has been learned. */
async function* examplesOf(queue: Queue): AsyncGenerator<Example> {
  for (let message = await queue.take(); message; message = await queue.take()) {
    yield message.body;
    message.ack();
  }
}

/** Learns from a queue until it ends or the signal comes; returns the mean absolute error. */
export const consume = async (queue: Queue, signal?: AbortSignal): Promise<number> => {
  const pipeline = new Pipeline({
    task: 'regression',
    learner: pool({ task: 'regression', inputCount: 2, outputCount: 1 }),
    metrics: { mae: mae() },
  });
  const last = await trainFrom(examplesOf(queue), pipeline, signal ? { signal } : {});
  return last?.metrics['mae'] ?? Number.NaN;
};

/** A pretended queue of prices, which ends after so many messages. */
export const pretendQueue = (count: number, acked: (number: number) => void): Queue => {
  let number = 0;
  return {
    async take() {
      if (number === count) return undefined;
      const i = number++;
      const [size, age] = [20 + ((i * 37) % 90), (i * 13) % 50];
      return { body: { features: { size, age }, target: 4 * size - age }, ack: () => acked(i) };
    },
  };
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const error = await consume(pretendQueue(5_000, () => {}));
  console.log(`5,000 messages learned; the mean absolute error is ${error.toFixed(2)}`);
}
