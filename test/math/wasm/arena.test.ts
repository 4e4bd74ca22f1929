import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  allocate,
  type Block,
  sharedMemoryCount,
  spareByteLength,
} from '../../../src/math/wasm/arena.ts';
import { collectGarbage } from '../../collect-garbage.ts';
import { eventually } from '../../eventually.ts';

describe('allocate', () => {
  it('gives zeros that overlap no other block, whatever was freed before', () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(lengths, fc.infiniteStream(fc.boolean()), (wanted, keeps) => {
        const held: { block: Block; bytes: Uint8Array; mark: number }[] = [];
        for (const [index, byteLength] of wanted.entries()) {
          const block = allocate(byteLength);
          const bytes = new Uint8Array(block.buffer, block.address, block.byteLength);
          expect(block.address % 64).toBe(0);
          expect(bytes.every((byte) => byte === 0)).toBe(true);
          bytes.fill(1 + (index % 255));
          held.push({ block, bytes, mark: 1 + (index % 255) });
          if (!keeps.next().value) held.shift()!.block.free();
        }
        for (const { bytes, mark, block } of held) {
          expect(bytes.every((byte) => byte === mark)).toBe(true);
          block.free();
        }
      }),
      { numRuns: 20 },
    );
  });

  it('ends with one shared memory once all blocks are free', () => {
    const blocks = Array.from({ length: 200 }, () => allocate(100_000));
    expect(sharedMemoryCount()).toBeGreaterThan(1);
    for (const block of blocks) {
      block.free();
      block.free();
    }
    expect(sharedMemoryCount()).toBe(1);
  });

  it('gives a large block a memory of its own', () => {
    const before = sharedMemoryCount();
    const block = allocate(10_000_000);
    expect(new Uint8Array(block.buffer).length).toBeGreaterThanOrEqual(10_000_000);
    expect(sharedMemoryCount()).toBe(before);
  });

  it('uses the memory of a large block again once it is given back, and fills it with zeros', () => {
    const first = allocate(5_000_000);
    new Uint8Array(first.buffer).fill(7);
    first.free();
    expect(spareByteLength()).toBeGreaterThanOrEqual(5_000_000);
    const second = allocate(4_000_000);
    expect(second.buffer).toBe(first.buffer);
    const bytes = new Uint8Array(second.buffer, second.address, second.byteLength);
    expect(bytes.every((byte) => byte === 0)).toBe(true);
  });

  it('holds at most 32 MB that was given back', () => {
    const blocks = Array.from({ length: 10 }, (_, i) => allocate(5_000_000 + 100_000 * i));
    for (const block of blocks) block.free();
    expect(spareByteLength()).toBeLessThanOrEqual(32 * 2 ** 20);
    expect(spareByteLength()).toBeGreaterThan(20 * 2 ** 20);
  });

  it('gives back what owners leave behind, and nothing that was given back before', async () => {
    const before = sharedMemoryCount();
    const survivor = {};
    const kept = allocate(100_000, survivor);
    const bytes = new Uint8Array(kept.buffer, kept.address, kept.byteLength).fill(7);
    const leave = (): void => {
      for (let i = 0; i < 200; i += 1) allocate(100_000, {});
    };
    leave();
    expect(sharedMemoryCount()).toBeGreaterThan(before);
    const early = allocate(64, survivor);
    early.free();
    await eventually(() => {
      collectGarbage();
      expect(sharedMemoryCount()).toBeLessThanOrEqual(before + 1);
    });
    expect(bytes.every((byte) => byte === 7)).toBe(true);
    kept.free();
  });

  it('refuses what is no length', () => {
    expect(() => allocate(0)).toThrow(RangeError);
    expect(() => allocate(Number.NaN)).toThrow('expected bytes > 0, got NaN');
  });
});
