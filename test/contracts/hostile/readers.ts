import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { initialRandom, randomInteger } from '../../../src/math/random.ts';
import { readBytes } from '../../../src/node/sources/files/bytes.ts';
import { diskSensor, networkSensor } from '../../../src/node/sources/host/counters.ts';
import { Intake, type IntakeOptions } from '../../../src/node/sources/mqtt/intake.ts';
import { EventStreamReader } from '../../../src/node/sources/sockets/from-http.ts';
import { packExamples } from '../../../src/node/threads/packed-examples.ts';
import { Unpacker } from '../../../src/node/threads/unpacker.ts';
import { csvBatches } from '../../../src/sources/csv/csv-batches.ts';
import { DecimalReader } from '../../../src/sources/decimal-reader.ts';
import type { Example } from '../../../src/sources/example.ts';
import { exampleFromJson } from '../../../src/sources/json-lines.ts';
import type { NamedBytes } from '../../../src/sources/named-bytes.ts';
import { recordBatches } from '../../../src/sources/record-batches.ts';
import { RecordTemplate } from '../../../src/sources/record-template.ts';
import { SourceError } from '../../../src/sources/source-error.ts';
import { cutAnywhere, goodRecord, hostileItems, jsonItems, rowItems } from './items.ts';
import { numbers, Taken } from './taken.ts';

/** A reader of bytes or texts from outside, and how it is tried. */
export interface ReaderSubject {
  /** The files in `src/` that it tries. */
  readonly files: readonly string[];
  /** Resolves where every item was learned or rejected; rejects otherwise. */
  attack(): Promise<void> | void;
}

const options = { id: 'id', time: 'time' };

const exampleOrNone = (text: string): Example | undefined => {
  try {
    return exampleFromJson(text, options);
  } catch {
    return undefined;
  }
};

/** What a template reads is what parsing reads, or nothing. */
const attackTemplates = (): void => {
  const items = hostileItems(24_000, jsonItems);
  let template: RecordTemplate | undefined;
  for (const item of items) {
    const read = template?.read(item);
    if (read !== undefined) expect(read).toEqual(exampleFromJson(item.toString(), options));
    template = RecordTemplate.of(item.toString(), options) ?? template;
  }
};

const attackIntake = (more: IntakeOptions, isJoined: boolean): void => {
  const taken = new Taken();
  const counters = { received: 0, duplicates: 0, rejected: 0 };
  const intake = new Intake({ ...options, ...more }, { counters, rejected: taken.rejected });
  const items = hostileItems(16_000, jsonItems, isJoined ? 3 : 4).filter(
    ({ length }) => length > 0,
  );
  const topics = ['room/hall', 'room/__proto__', '__proto__', 'room/\u0000', 'other'];
  for (const [i, payload] of items.entries()) {
    const base = { dup: i % 7 === 0, retain: i % 5 === 0 };
    const before = taken.settled;
    const example = intake.read({ topic: topics[i % topics.length]!, payload, ...base });
    if (example) taken.take(example);
    // A value that waits to be joined is settled later.
    else if (!isJoined && Number.isNaN(Number(payload.toString())))
      expect(taken.settled).toBe(before + 1);
    if (isJoined && i % 16 === 15) for (const joined of intake.joined()) taken.take(joined);
    const good = intake.read({ topic: 'good', payload: goodRecord(i), dup: false, retain: false });
    if (good) taken.take(good);
  }
  expect(counters.received).toBe(2 * items.length);
  if (!isJoined) expect(taken.good).toEqual(numbers(items.length));
  else expect(taken.settled).toBeGreaterThan(items.length / 16);
};

const fileOf = (bytes: Buffer, seed: number): NamedBytes => {
  const pieces = async function* (): AsyncGenerator<Uint8Array> {
    yield* cutAnywhere(bytes, seed, 64);
  };
  return { name: 'hostile', bytes: pieces() };
};

/** One row of a small file: an open quote takes the rest of the file with it, and not the next file. */
const attackRows = async (): Promise<void> => {
  const items = hostileItems(3_000, rowItems);
  for (const [i, item] of items.entries()) {
    const taken = new Taken();
    const text = Buffer.concat([
      Buffer.from('marker,a,b,id,time,target\n0,1,2,,,good\n'),
      item,
      Buffer.from('\n1,1,2,,,good\n'),
    ]);
    for await (const examples of csvBatches(fileOf(text, i), {
      ...options,
      rejected: taken.rejected,
    }))
      for (const example of examples) taken.take(example);
    const expected = item.includes('"') ? taken.good.slice(0, 2) : [0, 1];
    expect(taken.good).toEqual(expected);
    expect(taken.good[0]).toBe(0);
    const isBlank = item.toString('latin1').replaceAll(/[\r\n]/g, '') === '';
    if (!isBlank) expect(taken.good.length + taken.settled).toBeGreaterThanOrEqual(2);
  }
};

/** A file whose head is hostile is read, or one SourceError says why not. */
const attackHeads = async (): Promise<void> => {
  for (const [i, item] of hostileItems(2_000, [...jsonItems, ...rowItems], 5).entries()) {
    const taken = new Taken();
    const text = Buffer.concat([item, Buffer.from('\n1,2\n{"a":1}\n')]);
    try {
      for await (const examples of recordBatches(fileOf(text, i), { rejected: taken.rejected }))
        for (const example of examples) taken.take(example);
    } catch (error) {
      expect(error).toBeInstanceOf(SourceError);
    }
  }
};

/** Bytes of gzip with a fault: the rows before it, then one SourceError. */
const attackGzip = async (): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'rivulet-hostile-'));
  const path = join(folder, 'rows.gz');
  const packed = gzipSync(
    Buffer.concat(numbers(200).map((i) => Buffer.concat([goodRecord(i), Buffer.from('\n')]))),
  );
  for (const item of hostileItems(150, [packed], 6)) {
    writeFileSync(path, item);
    const taken = new Taken();
    try {
      const file = { name: path, bytes: readBytes(path) };
      for await (const examples of recordBatches(file, { rejected: taken.rejected }))
        for (const example of examples) taken.take(example);
    } catch (error) {
      expect(error).toBeInstanceOf(SourceError);
    }
  }
  rmSync(folder, { recursive: true });
};

const attackEvents = (): void => {
  const items = hostileItems(10_000, jsonItems, 7);
  const reader = new EventStreamReader();
  const text = items
    .map((item, i) => `data: ${item.toString()}\n\ndata: ${goodRecord(i).toString()}\n\n`)
    .join('');
  const good: number[] = [];
  for (const piece of cutAnywhere(Buffer.from(text), 8)) {
    for (const { data } of reader.push(piece.toString('utf8'))) {
      const example = exampleOrNone(data);
      if (example?.target === 'good') good.push(example.features['marker'] as number);
    }
  }
  expect(good).toEqual(numbers(items.length));
};

const attackDecimals = (): void => {
  const reader = new DecimalReader();
  for (const item of hostileItems(10_000, jsonItems, 9)) {
    for (let at = 0; at < item.length; ) {
      const end = reader.read(item, at);
      const read = item.subarray(at, end).toString('latin1');
      if (!Number.isNaN(reader.value) && reader.value !== Number(read))
        expect(reader.value).toBe(Number(read));
      at = Math.max(at + 1, end);
    }
  }
};

/** What crosses to another thread comes out as it went in. */
const attackPacking = (): void => {
  const examples = hostileItems(10_000, jsonItems, 10).map((item) =>
    exampleOrNone(item.toString()),
  );
  const unpacker = new Unpacker();
  for (let from = 0; from < examples.length; from += 100) {
    const some = examples.slice(from, from + 100);
    const crossed = structuredClone(packExamples(some));
    expect(unpacker.unpack(crossed)).toEqual(some);
  }
};

const attackCounters = (): void => {
  const folder = mkdtempSync(join(tmpdir(), 'rivulet-hostile-'));
  const path = join(folder, 'counters');
  const sensors = [networkSensor(path), diskSensor(path)];
  const valid = [
    'eth0: 100 5 0 0 0 0 0 0 50 5 0 0 0 0 0 0\n',
    '8 0 sda 1 0 10 0 1 0 20 0\n8 1 sda1 1 0 9 0 1 0 20 0\n',
  ].map((one) => Buffer.from(one));
  const random = initialRandom(11);
  for (const item of hostileItems(400, valid, 12)) {
    writeFileSync(path, item);
    const readings = sensors[randomInteger(random, 2)]!.read(1) ?? {};
    for (const value of Object.values(readings)) expect(value).toBeGreaterThanOrEqual(0);
  }
  rmSync(folder, { recursive: true });
};

/** Every reader of what comes from outside. */
export const readers: Readonly<Record<string, ReaderSubject>> = {
  'record templates': {
    files: ['sources/record-template.ts', 'sources/json-text.ts', 'sources/record.ts'],
    attack: attackTemplates,
  },
  'the decimal reader': { files: ['sources/decimal-reader.ts'], attack: attackDecimals },
  'payloads of MQTT': {
    files: [
      'node/sources/mqtt/intake.ts',
      'node/sources/mqtt/intake.ts',
      'node/sources/mqtt/intake.ts',
    ],
    attack: () => attackIntake({}, false),
  },
  'payloads that are joined by topic': {
    files: ['node/sources/mqtt/topic-join.ts'],
    attack: () => attackIntake({ map: { 'room/+': 'room', '#': 'all' } }, true),
  },
  'rows of CSV': {
    files: ['csv-parser', 'csv-row', 'csv-batches', 'csv-head', 'cutter', 'known-texts'].map(
      (name) => `sources/csv/${name}.ts`,
    ),
    attack: attackRows,
  },
  'heads of files': {
    files: [
      'sources/record-batches.ts',
      'sources/ndjson-batches.ts',
      'sources/decoded.ts',
      'sources/text-encoding.ts',
      'sources/json-lines.ts',
    ],
    attack: attackHeads,
  },
  'files of gzip': { files: ['node/sources/files/bytes.ts'], attack: attackGzip },
  'server-sent events': { files: ['node/sources/sockets/from-http.ts'], attack: attackEvents },
  'examples that cross threads': {
    files: ['node/threads/packed-examples.ts'],
    attack: attackPacking,
  },
  'counters of this host': { files: ['node/sources/host/counters.ts'], attack: attackCounters },
};
