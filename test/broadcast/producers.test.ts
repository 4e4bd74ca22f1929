import { describe, expect, it } from 'vitest';
import { Producers, rememberLast } from '../../src/broadcast/producers.ts';

describe('Producers', () => {
  it('counts the samples of a batch that were accepted before', () => {
    const producers = new Producers();
    expect(producers.accept('p', 1, 4)).toEqual({ dup: 0, upTo: 4 });
    expect(producers.accept('p', 3, 4)).toEqual({ dup: 2, upTo: 6 });
    expect(producers.accept('p', 1, 2)).toEqual({ dup: 2, upTo: 2 });
  });

  it('expects the number after the highest that was accepted, whatever was repeated since', () => {
    const producers = new Producers();
    producers.accept('p', 1, 6);
    producers.accept('p', 1, 2);
    expect(() => producers.accept('p', 8, 1)).toThrow('expected number 7, got 8');
    expect(producers.accept('p', 7, 1)).toEqual({ dup: 0, upTo: 7 });
  });

  it('expects number 1 from a producer that is unknown', () => {
    expect(() => new Producers().accept('p', 2, 1)).toThrow('expected number 1, got 2');
  });

  it('never lowers the last number that was learned', () => {
    const producers = new Producers();
    producers.learn('p', 6);
    producers.learn('p', 2);
    expect(producers.learned.get('p')).toBe(6);
    expect(producers.expect('p', 5, 4)).toBe(2);
    expect(() => producers.expect('p', 8, 1)).toThrow('expected number 7, got 8');
  });

  it('expects again what was accepted and failed', () => {
    const producers = new Producers(new Map([['p', 2]]));
    producers.accept('p', 3, 4);
    producers.fail('p');
    expect(() => producers.accept('p', 7, 1)).toThrow('expected number 3, got 7');
    expect(producers.accept('p', 3, 4)).toEqual({ dup: 0, upTo: 6 });
  });

  it('forgets the producer that has sent nothing for the longest time, beyond 10,000', () => {
    const numbers = new Map<string, number>();
    for (let n = 0; n < 10_000; n += 1) rememberLast(numbers, `p${n}`, 1);
    rememberLast(numbers, 'p0', 2);
    expect(numbers.size).toBe(10_000);
    rememberLast(numbers, 'one more', 1);
    expect(numbers.size).toBe(10_000);
    expect(numbers.get('p0')).toBe(2);
    expect(numbers.has('p1')).toBe(false);
    expect(numbers.has('p2')).toBe(true);
  });
});
