import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import * as nodeSources from '../../src/node/sources/index.ts';
import * as mqttSources from '../../src/node/sources/mqtt/index.ts';
import * as coreSources from '../../src/sources/index.ts';
import { itemsMade } from './hostile/items.ts';
import { readers } from './hostile/readers.ts';
import { attacks, filesOfSources } from './hostile/sources.ts';
import { numbers, Taken } from './hostile/taken.ts';

vi.setConfig({ testTimeout: 600_000 });

describe('a reader learns or rejects every hostile item, and continues with the next good one', () => {
  test.each(Object.entries(readers))('%s', async (_name, reader) => {
    await reader.attack();
  });
});

describe('a source learns or rejects every hostile item, and continues with the next good one', () => {
  const attacked = [...attacks].flatMap(([name, attack]) =>
    typeof attack === 'function' ? [{ name, attack }] : [],
  );
  test.each(attacked)('$name', async ({ attack }) => {
    const taken = new Taken();
    const count = await attack(taken);
    expect(taken.good).toEqual(numbers(count));
    // Some are blank, and some are joined.
    expect(taken.settled).toBeGreaterThan(count * 0.8 - 1);
  });
});

describe('nothing is left out', () => {
  test('every exported source is attacked', () => {
    const names = [coreSources, nodeSources, mqttSources]
      .flatMap((module) => Object.keys(module))
      .filter((name) => name !== 'toMqtt');
    expect(names.filter((name) => !attacks.has(name))).toEqual([]);
  });

  test('every file that reads text or bytes from outside is in the tables', () => {
    const src = resolve(import.meta.dirname, '../../src');
    const reading =
      /JSON\.parse\(|parseJson\(|new TextDecoder\(|createGunzip\(|DecimalReader\(|readFileSync\(/;
    const tried = [...filesOfSources, ...Object.values(readers).flatMap(({ files }) => files)];
    const folders = ['sources', 'node/sources'];
    const found = folders
      .flatMap((folder) =>
        readdirSync(join(src, folder), { recursive: true, encoding: 'utf8' }).map(
          (file) => `${folder}/${file}`,
        ),
      )
      .filter((file) => file.endsWith('.ts') && !file.endsWith('-data.ts'))
      .filter((file) => reading.test(readFileSync(join(src, file), 'utf8')));
    expect(found.length).toBeGreaterThan(5);
    expect(found.filter((file) => !tried.includes(file))).toEqual([]);
    for (const file of tried) expect(readFileSync(join(src, file), 'utf8')).not.toBe('');
  });

  test('a hundred thousand items have been tried', () => {
    expect(itemsMade()).toBeGreaterThanOrEqual(100_000);
  });
});
