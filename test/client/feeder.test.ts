import { Subject } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { connect, type FeedOptions, type FeedProgress } from '../../src/client/index.ts';
import { pretendSockets } from './pretend-socket.ts';

interface Sent {
  readonly id: number;
  readonly producer: string;
  readonly first: number;
  readonly samples: readonly { readonly target: number }[];
}

describe('a feeder', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const join = async (options: FeedOptions = {}) => {
    const { WebSocket, made } = pretendSockets();
    const connection = connect('http://host:8080', { WebSocket, random: () => 0 });
    const samples = new Subject<{ features: object; target: number }>();
    const told: FeedProgress[] = [];
    const complete = vi.fn();
    connection
      .feed(samples as never, { producer: 'p', ...options })
      .subscribe({ next: (progress) => told.push(progress), complete });
    const welcome = (): void => made.at(-1)!.welcome({ limits: { feedCredit: 1_024 } });
    welcome();
    const comeBack = (): void => {
      made.at(-1)!.drop();
      vi.advanceTimersByTime(0);
      welcome();
    };
    let given = 0;
    const give = async (count: number): Promise<void> => {
      for (let i = 0; i < count; i += 1) {
        given += 1;
        samples.next({ features: {}, target: given });
      }
      await Promise.resolve();
    };
    const newest = (): Sent => made.at(-1)!.last('feed') as unknown as Sent;
    const say = (message: object): void => made.at(-1)!.say(message);
    const arrive = (rejected: readonly object[] = []): void =>
      say({ t: 'fed', id: newest().id, dup: 0, rejected, step: 1, credit: 1_024 });
    const gap = (upTo: number): void =>
      say({ t: 'err', id: newest().id, code: 'gap', message: 'a gap', upTo });
    /** A second feeder on the same connection. */
    const beside = () => {
      const more = new Subject<{ features: object; target: number }>();
      const progress: FeedProgress[] = [];
      connection
        .feed(more as never, { producer: 'beside' })
        .subscribe((latest) => progress.push(latest));
      return { samples: more, told: progress };
    };
    return { samples, told, complete, comeBack, give, newest, arrive, gap, say, beside };
  };

  const shape = ({ producer, first, samples }: Sent) => [producer, first, samples[0]!.target];

  it('ignores an answer to a message that it has not sent', async () => {
    const { told, give, newest, arrive, say } = await join();
    await give(3);
    const { id } = newest();
    say({ t: 'fed', id: id + 1, dup: 0, rejected: [], step: 1, credit: 1_024 });
    say({ t: 'fed', id: id - 1, dup: 0, rejected: [], step: 1, credit: 1_024 });
    say({ t: 'err', id: id + 1, code: 'gap', message: 'a gap', upTo: 0 });
    expect(told).toEqual([]);
    expect(newest().id).toBe(id);
    arrive();
    expect(told.map(({ upTo }) => upTo)).toEqual([3]);
    say({ t: 'fed', id, dup: 0, rejected: [], step: 2, credit: 1_024 });
    expect(told).toHaveLength(1);
  });

  it('leaves answers to the feeder beside it on the same connection', async () => {
    const { told, give, newest, arrive, beside, say } = await join();
    await give(2);
    const { id } = newest();
    const other = beside();
    other.samples.next({ features: {}, target: 7 });
    await Promise.resolve();
    expect(newest().producer).toBe('beside');
    arrive();
    expect(told).toEqual([]);
    expect(other.told.map(({ upTo }) => upTo)).toEqual([1]);
    say({ t: 'fed', id, dup: 0, rejected: [], step: 3, credit: 1_024 });
    expect(told.map(({ upTo }) => upTo)).toEqual([2]);
    expect(other.told).toHaveLength(1);
  });

  it('sends all that waits when the server has forgotten what it had answered', async () => {
    const forgotten: number[] = [];
    const { samples, told, complete, comeBack, give, newest, arrive, gap } = await join({
      forgotten: { next: (count) => forgotten.push(count) },
    });
    await give(200);
    arrive();
    comeBack();
    await give(50);
    expect(shape(newest())).toEqual(['p', 201, 201]);
    gap(120);
    expect(shape(newest())).toEqual(['p@201', 1, 201]);
    expect(newest().samples).toHaveLength(50);
    arrive([{ i: 3, code: 'value' }]);
    expect(told.map(({ upTo }) => upTo)).toEqual([200, 250]);
    expect(told[1]?.rejected).toEqual([{ number: 204, code: 'value' }]);

    comeBack();
    await give(10);
    expect(shape(newest())).toEqual(['p@201', 51, 251]);
    gap(20);
    expect(shape(newest())).toEqual(['p@251', 1, 251]);
    samples.complete();
    expect(complete).not.toHaveBeenCalled();
    arrive();
    expect(told.at(-1)?.upTo).toBe(260);
    expect(complete).toHaveBeenCalledOnce();
    expect(forgotten).toEqual([80, 30]);
  });

  it('counts from its own first number on', async () => {
    const { told, give, newest, arrive, gap } = await join({ first: 101 });
    await give(5);
    expect(shape(newest())).toEqual(['p', 101, 1]);
    gap(0);
    expect(shape(newest())).toEqual(['p@101', 1, 1]);
    arrive();
    expect(told).toMatchObject([{ upTo: 105 }]);
  });
});
