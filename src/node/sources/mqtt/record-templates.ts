import type { Example } from '../../../sources/example.ts';
import type { RecordOptions } from '../../../sources/record.ts';
import { RecordTemplate } from '../../../sources/record-template.ts';

/** So many topics have a template, of a record of so many bytes: both may come by flood, and templates stay. */
const topicsMax = 1_000;
const bytesMax = 4_096;

/**
 * A template that has been of use is given up after so many records in a row that are not like it, since
 * several kinds may take turns; and where records are never alike another is made as rarely as this.
 */
const patienceOfUse = 8;
const patienceMax = 1_024;

/** What is known of the records of a topic. */
interface Known {
  template: RecordTemplate | undefined;
  /** How many records in a row have to be parsed for another template, and how many were. */
  patience: number;
  parsed: number;
}

/** A template for the records of each topic: most of them differ from the one before in their numbers alone. */
export class RecordTemplates {
  readonly #options: RecordOptions;
  readonly #topics = new Map<string, Known>();

  constructor(options: RecordOptions) {
    this.#options = options;
  }

  /** The example that a payload is, where it is like its topic's template; else it must be parsed. */
  read(topic: string, payload: Uint8Array): Example | undefined {
    const known = this.#topics.get(topic);
    const example = known?.template?.read(payload);
    if (known && example) {
      known.patience = patienceOfUse;
      known.parsed = 0;
    }
    return example;
  }

  /** Takes a payload that had to be parsed, and is an example, as a template for those to come. */
  learn(topic: string, payload: Uint8Array): void {
    const known = this.#topics.get(topic) ?? this.#begin(topic);
    if (known === undefined || payload.length > bytesMax) return;
    known.parsed += 1;
    if (known.parsed < known.patience) return;
    known.parsed = 0;
    known.patience = Math.min(patienceMax, 2 * known.patience);
    known.template = RecordTemplate.of(Buffer.from(payload).toString(), this.#options);
  }

  #begin(topic: string): Known | undefined {
    if (this.#topics.size >= topicsMax) return undefined;
    const known: Known = { template: undefined, patience: 1, parsed: 0 };
    this.#topics.set(topic, known);
    return known;
  }
}
