import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { Example } from '../../sources/example.ts';
import type { Rejection } from '../../stream/rejection.ts';
import { SourcePort } from '../worker/source-port.ts';
import type { ByteProgress } from './bytes.ts';
import { readCsv } from './csv-reading.ts';
import { readGrowing } from './growing-reading.ts';
import { readNdjson } from './ndjson-reading.ts';
import type { ReaderNews, ReaderSettings } from './reader-messages.ts';
import { readRecords } from './records-reading.ts';

const readings = [readCsv, readNdjson, readRecords, readGrowing];

/** Rows in a batch. The fewer, the more messages; the more, the longer the first are waited for. */
const rowsMax = 512;

/** With so many batches ahead, a learner is not held up when this thread has to wait for a core. */
const underwayMax = 4;

/** Reads files in a thread of its own: only batches of examples cross. */
class Reader {
  readonly #source: SourcePort<ReaderNews>;
  readonly #settings: ReaderSettings;
  readonly #abort = new AbortController();
  readonly #progress: ByteProgress = { read: 0 };
  readonly #underway: Promise<number>[] = [];
  #batch: (Example | undefined)[] = [];
  #rejections: Rejection[] = [];

  constructor(port: MessagePort, settings: ReaderSettings) {
    this.#source = new SourcePort(port, async () => this.#abort.abort());
    this.#settings = settings;
  }

  async run(): Promise<void> {
    try {
      await this.#read();
      this.#source.end();
    } catch (error) {
      // What could be read before it comes first.
      this.#send();
      this.#source.end(error);
    }
  }

  async #read(): Promise<void> {
    const { reading: wanted, paths, options } = this.#settings;
    const reading = readings.find(({ name }) => name === wanted)!;
    const rejected = { next: (rejection: Rejection) => this.#reject(rejection) };
    const sinks = { progress: this.#progress, rejected, signal: this.#abort.signal };
    for await (const examples of reading.batches(paths, { ...options, ...sinks })) {
      for (const example of examples) {
        this.#batch.push(example);
        if (this.#batch.length >= rowsMax) await this.#sendInTurn();
      }
      // What has come is not held back until there is more.
      await this.#sendInTurn();
    }
  }

  #reject(rejection: Rejection): void {
    this.#batch.push(undefined);
    this.#rejections.push(rejection);
  }

  async #sendInTurn(): Promise<void> {
    this.#send();
    if (this.#underway.length >= underwayMax) await this.#underway.shift();
  }

  #send(): void {
    if (this.#batch.length === 0) return;
    const news = { progress: this.#progress, rejections: this.#rejections };
    this.#underway.push(this.#source.deliver(this.#batch, news));
    this.#batch = [];
    this.#rejections = [];
  }
}

if (parentPort) void new Reader(parentPort, workerData as ReaderSettings).run();
