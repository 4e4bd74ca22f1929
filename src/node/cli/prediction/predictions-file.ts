import { closeSync, openSync, writeSync } from 'node:fs';
import type { Update } from '../../../learn/learner.ts';
import {
  type NamedPrediction,
  namedClass,
  type Threshold,
} from '../../../learn/named-prediction.ts';
import { labelOf } from '../../../learn/targets.ts';
import { lineOf, type Rejection } from '../../../stream/rejection.ts';
import { diskReason } from '../../training/checkpoints/disk-errors.ts';
import { Misuse } from '../terminal/misuse.ts';
import { formatOf, type PredictionRow } from './prediction-rows.ts';
import { PredictionWriter } from './prediction-writer.ts';
import { isSameFile } from './text-output.ts';

/** What a {@link PredictionsFile} is made of. */
export interface PredictionsFileOptions {
  /** The source: one file, since lines put its rows in order. */
  readonly specs: readonly string[];
  /** Whether rows have names. */
  readonly hasId: boolean;
  /** The classes as of now, in order; undefined in a regression. */
  readonly classes: () => readonly string[] | undefined;
  readonly threshold?: Threshold | undefined;
}

/** Characters that are written at once. */
const chunkLength = 65_536;

/**
 * What each row of a source was predicted before it was learned from, beside its target. It is written in
 * the turn of the pipeline: a slow disk slows the training, and no row waits.
 */
export class PredictionsFile {
  readonly #path: string;
  readonly #options: PredictionsFileOptions;
  readonly #writer: PredictionWriter;
  readonly #file: number;
  /** Rejections whose turn has not come, by line: a source reports them ahead of it. */
  #held: Rejection[] = [];
  #row = 0;
  #text = '';

  /** Opens the file, in place of what it held. Throws a Misuse where that is not possible. */
  constructor(path: string, options: PredictionsFileOptions) {
    const { specs, hasId, classes } = options;
    if (specs.length > 1)
      throw new Misuse('--predictions takes one source: evaluate files one by one');
    if (specs.some((spec) => isSameFile(spec, path))) {
      throw new Misuse(`--predictions ${path} is the source: choose another file`);
    }
    this.#path = path;
    this.#options = options;
    this.#writer = new PredictionWriter(formatOf(path), () => ({
      ...{ hasId, hasTarget: true },
      ...(classes() && { classes: 'likeliest' }),
    }));
    this.#file = this.#checked(() => openSync(path, 'w'));
  }

  /** Takes an update: a row that was predicted. */
  next({ sample, prediction }: Update): void {
    const { id, line, y } = sample;
    this.#release(line ?? Number.POSITIVE_INFINITY);
    const classes = this.#options.classes();
    this.#add({
      ...(id !== undefined && { id }),
      ...(y && { target: classes ? classes[labelOf(y)]! : y[0]! }),
      prediction: this.#named(prediction, classes),
    });
  }

  /** Takes a row that was rejected. */
  reject(rejection: Rejection): void {
    const line = lineOf(rejection);
    if (line === undefined) {
      this.#addRejection(rejection);
      return;
    }
    const at = this.#held.findLastIndex((held) => lineOf(held)! <= line) + 1;
    this.#held.splice(at, 0, rejection);
  }

  /** Writes what is left. */
  close(): void {
    this.#release(Number.POSITIVE_INFINITY);
    this.#text += this.#writer.end();
    this.#flush();
    closeSync(this.#file);
  }

  #named(prediction: ArrayLike<number>, classes: readonly string[] | undefined): NamedPrediction {
    if (classes === undefined) return { value: prediction[0]! };
    // It covers the classes that were known then.
    return namedClass(prediction, classes.slice(0, prediction.length), this.#options.threshold);
  }

  #release(before: number): void {
    if (this.#held.length === 0) return;
    const end = this.#held.findIndex((held) => lineOf(held)! >= before);
    const due = this.#held.splice(0, end < 0 ? this.#held.length : end);
    for (const rejection of due) this.#addRejection(rejection);
  }

  #addRejection({ reason, id }: Rejection): void {
    this.#add({ error: reason, ...(id !== undefined && { id }) });
  }

  #add(row: Omit<PredictionRow, 'row'>): void {
    this.#row += 1;
    this.#text += this.#writer.add({ row: this.#row, ...row });
    if (this.#text.length >= chunkLength) this.#flush();
  }

  #flush(): void {
    const bytes = Buffer.from(this.#text);
    this.#text = '';
    this.#checked(() => {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#file, bytes, at);
    });
  }

  #checked<Result>(action: () => Result): Result {
    try {
      return action();
    } catch (error) {
      throw new Misuse(`predictions cannot be written to ${this.#path}: ${diskReason(error)}`);
    }
  }
}
