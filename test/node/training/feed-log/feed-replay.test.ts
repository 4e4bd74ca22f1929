import { from, NEVER, type Observable, Subject, tap, throwError } from 'rxjs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FeedReplay } from '../../../../src/node/training/feed-log/feed-replay.ts';
import {
  decodeFrames,
  encodeFrame,
  type FedContent,
} from '../../../../src/node/training/feed-log/frame.ts';
import type { Example } from '../../../../src/sources/example.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Batches that came after the given numbers of examples of the source. */
const batchesAfter = (...examples: number[]) =>
  Buffer.concat(
    examples.map((count, k) => {
      const sample = { x: [k + 1], y: [0] };
      return encodeFrame({ batch: k + 1, examples: count }, { samples: [sample] });
    }),
  );

/** Replays batches among the examples of a source; `learned` is what came, in order. */
const replay = (frames: Buffer, { isReplayable = true, isLive = false, before = 0 } = {}) => {
  const learned: string[] = [];
  const place = { count: before, isReplaying: false };
  const replaying = new FeedReplay([...decodeFrames(frames)]);
  const learn = ({ samples }: FedContent): void => {
    const [sample] = samples;
    if (sample && 'x' in sample) learned.push(`batch ${sample.x[0]}`);
  };
  const run = (examples: Observable<Example>) =>
    examples
      .pipe(
        replaying.among({ isReplayable, isLive }, place, learn),
        tap(() => {
          place.count += 1;
        }),
      )
      .subscribe({ next: () => learned.push(`example ${place.count}`), error: () => {} });
  return { learned, place, replaying, run };
};

const examples = (count: number): Example[] =>
  Array.from({ length: count }, (_, i) => ({ features: { i } }));

const turn = () => vi.advanceTimersByTimeAsync(0);

test('each batch is learned between the same two examples as before', async () => {
  const { learned, run, replaying } = replay(batchesAfter(0, 2, 2, 3));
  expect(replaying.isOver).toBe(false);
  run(from(examples(4)));
  expect(learned).toEqual([
    ...['batch 1', 'example 1', 'example 2', 'batch 2', 'batch 3'],
    ...['example 3', 'batch 4', 'example 4'],
  ]);
  expect(replaying.isOver).toBe(true);
});

test('the examples before the checkpoint count', async () => {
  const { learned, run } = replay(batchesAfter(7, 8), { before: 7 });
  run(NEVER);
  await turn();
  expect(learned).toEqual(['batch 1']);
});

test('a source that gives other examples now comes after all batches', async () => {
  const { learned, run } = replay(batchesAfter(5, 9), { isReplayable: false });
  const source = new Subject<Example>();
  run(source);
  await turn();
  source.next({ features: {} });
  expect(learned).toEqual(['batch 1', 'batch 2', 'example 1']);
});

test.each([
  ['ends', () => from(examples(1))],
  ['fails', () => throwError(() => new Error('gone'))],
])('a source that %s before it has given as much does not hold a batch back', (_how, source) => {
  const { learned, run } = replay(batchesAfter(9));
  run(source());
  expect(learned.at(-1)).toBe('batch 1');
});

test('nor does a live one that gives nothing, when what it repeats has been read', async () => {
  const { learned, place, run } = replay(batchesAfter(9), { isLive: true });
  place.isReplaying = true;
  const subscription = run(NEVER);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(learned).toEqual([]);
  place.isReplaying = false;
  await vi.advanceTimersByTimeAsync(2_000);
  expect(learned).toEqual(['batch 1']);
  subscription.unsubscribe();
});
