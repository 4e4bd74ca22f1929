import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { diskSensor, networkSensor } from '../../../../src/node/sources/host/counters.ts';

const folder = mkdtempSync(join(tmpdir(), 'rivulet-host-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('network counters become rates; the loopback is left out', () => {
  const path = join(folder, 'net');
  const write = (received: number, sent: number): void =>
    writeFileSync(
      path,
      `Inter-| Receive\n face |bytes\n  lo: 999 1 0 0 0 0 0 0 999 1 0 0 0 0 0 0\neth0: ${received} 5 0 0 0 0 0 0 ${sent} 5 0 0 0 0 0 0\n`,
    );
  const sensor = networkSensor(path);
  write(1000, 50);
  expect(sensor.read(1)).toEqual({ receivedBytes: 0, sentBytes: 0 });
  write(3000, 70);
  expect(sensor.read(2)).toEqual({ receivedBytes: 1000, sentBytes: 10 });
  write(0, 0);
  expect(sensor.read(1)).toEqual({ receivedBytes: 0, sentBytes: 0 });
});

test('disk counters count whole disks, in bytes', () => {
  const path = join(folder, 'disk');
  const write = (read: number): void =>
    writeFileSync(path, `8 0 sda 1 0 ${read} 0 1 0 20 0\n8 1 sda1 1 0 ${read} 0 1 0 20 0\n`);
  const sensor = diskSensor(path);
  write(10);
  sensor.read(1);
  write(14);
  expect(sensor.read(1)).toEqual({ readBytes: 2048, writtenBytes: 0 });
});

test('a system without the file has no such sensor', () => {
  expect(networkSensor(join(folder, 'absent')).read(1)).toBeUndefined();
});
