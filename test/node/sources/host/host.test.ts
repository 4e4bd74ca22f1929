import { firstValueFrom, take, toArray } from 'rxjs';
import { expect, test } from 'vitest';
import { host } from '../../../../src/node/sources/host/host.ts';
import { sensors } from '../../../../src/node/sources/host/index.ts';

test('an example is what was read before, its target what is read now', async () => {
  const source = host({ everyMs: 20, aheadSeconds: 0.06, target: 'memory' });
  const examples = await firstValueFrom(source.pipe(take(6), toArray()));
  examples.slice(3).forEach((later, i) => {
    expect(examples[i]?.target).toBe(later.features['memory']);
  });
  expect(examples[1]?.time).toBeGreaterThan(examples[0]?.time ?? Infinity);
});

test('every reading is a finite number, and the shares are shares', async () => {
  const [, example] = await firstValueFrom(
    host({ everyMs: 50, aheadSeconds: 0.05 }).pipe(take(2), toArray()),
  );
  const readings = Object.entries(example?.features ?? {});
  expect(readings.length).toBeGreaterThan(4);
  for (const [name, value] of readings)
    expect([name, Number.isFinite(value)]).toEqual([name, true]);
  for (const name of ['cpu', 'cpu0', 'memory']) {
    expect(example?.features[name]).toBeGreaterThanOrEqual(0);
    expect(example?.features[name]).toBeLessThanOrEqual(1);
  }
});

test('all groups of sensors can be read twice and closed', () => {
  for (const make of sensors) {
    const sensor = make();
    sensor.read(1);
    const readings = sensor.read(1) ?? {};
    for (const value of Object.values(readings)) expect(value).toBeGreaterThanOrEqual(0);
    sensor.close?.();
  }
});

test('an unknown sensor is one clear line', async () => {
  await expect(firstValueFrom(host({ everyMs: 20, target: 'moon' }))).rejects.toThrow(
    /^this host has no sensor 'moon'; it has cpu, cpu0/,
  );
});

test('misuse is refused', () => {
  expect(() => host({ everyMs: 0 })).toThrow(RangeError);
  expect(() => host({ aheadSeconds: 0 })).toThrow(RangeError);
});
