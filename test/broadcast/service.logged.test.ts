import { expect, onTestFinished, test } from 'vitest';
import { Busy } from '../../src/broadcast/model.ts';
import { broadcaster } from '../../src/node/server/broadcaster.ts';
import { serve } from '../../src/node/server/serve.ts';
import { eventually } from '../eventually.ts';
import { stage } from './pretend.ts';
import { ToyModel } from './toy-model.ts';

/** A model whose log is settled by hand. */
class LoggingModel extends ToyModel {
  readonly waiting: { written(): void; failed(): void }[] = [];

  logged(): Promise<void> {
    return new Promise((written, reject) => {
      this.waiting.push({ written, failed: () => reject(new Busy('the log is full', 100)) });
    });
  }
}

const feed = (id: number, ack: string): string =>
  `{"t":"feed","id":${id},"producer":"p","first":1,"samples":[{"x":[0,1],"y":[1]}],"ack":"${ack}"}`;

test('an answer learned waits for the log, and accepted does not', async () => {
  const model = new LoggingModel();
  const { peer, session } = stage({ model }).join();
  session.receive(feed(1, 'learned'));
  await eventually(() => expect(model.waiting).toHaveLength(1));
  expect(model.step).toBe(1);
  expect(peer.last('fed')).toBeUndefined();
  model.waiting[0]!.written();
  await eventually(() => expect(peer.last('fed')).toMatchObject({ id: 1, upTo: 1 }));
  session.receive(feed(2, 'accepted'));
  await eventually(() => expect(peer.last('fed')).toMatchObject({ id: 2, dup: 1 }));
  expect(model.waiting).toHaveLength(1);
});

test('what is not in the log is not answered, also where it is sent again', async () => {
  const model = new LoggingModel();
  const { peer, session } = stage({ model }).join();
  for (const id of [1, 2]) {
    session.receive(feed(id, 'learned'));
    await eventually(() => expect(model.waiting).toHaveLength(id));
    model.waiting[id - 1]!.failed();
    await eventually(() => expect(peer.last('err')).toMatchObject({ id, code: 'busy' }));
  }
  expect(model.step).toBe(1);
  session.receive(feed(3, 'learned'));
  await eventually(() => expect(model.waiting).toHaveLength(3));
  model.waiting[2]!.written();
  await eventually(() => expect(peer.last('fed')).toMatchObject({ id: 3, dup: 1 }));
  expect(model.step).toBe(1);
});

test('the same over HTTP', async () => {
  const model = new LoggingModel();
  const server = await serve({ broadcaster: broadcaster({ name: 'toy' }), model }, { port: 0 });
  onTestFinished(() => server.close());
  const post = async () => {
    const body = '{"x":[0,1],"y":[1]}';
    const url = `${server.url}v1/feed?producer=p&first=1`;
    const answer = await fetch(url, { method: 'POST', body });
    return { status: answer.status, ...((await answer.json()) as object) };
  };
  const refused = post();
  await eventually(() => expect(model.waiting).toHaveLength(1));
  model.waiting[0]!.failed();
  expect(await refused).toMatchObject({ status: 429, error: 'the log is full' });
  const again = post();
  await eventually(() => expect(model.waiting).toHaveLength(2));
  model.waiting[1]!.written();
  expect(await again).toMatchObject({ status: 200, dup: 1, upTo: 1 });
});
