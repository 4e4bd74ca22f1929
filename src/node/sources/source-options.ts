import type { ColumnOptions } from '../../encode/columns/column-settings.ts';
import type { ConnectionEventSink } from '../../sources/connection-event.ts';
import type { WrittenCells } from '../../sources/written-cells.ts';
import type { Governor } from '../../stream/governor.ts';
import type { RejectionSink } from '../../stream/rejection.ts';
import type { Overflow, OverflowPolicy } from '../../stream/waiting.ts';
import type { Place } from './place.ts';

/** The options of a source whose columns are inferred. */
export const columnOptionNames = [
  ...(['time', 'columns', 'drop', 'text', 'number', 'decimal', 'missing', 'dateOrder'] as const),
] as const satisfies readonly (keyof ColumnOptions)[];

/** What a user says about a source, in the words of the command line. */
export interface SourceOptions extends ColumnOptions {
  /** The column or field to predict. Default: `target`; of `host`: `cpu`. */
  readonly target?: string;
  /** The column or field that names a row. */
  readonly id?: string;
  /** The character between the fields of a CSV. Default: inferred from its first rows. */
  readonly delimiter?: string;
  /** Whether a CSV has a header, or the names of the columns of one without. Default true. */
  readonly header?: boolean | readonly string[];
  /** The encoding of a text, by a label of the Encoding Standard. Default: UTF-8. */
  readonly encoding?: string;
  /** Samples per second, at most: above 0. Default: no limit. */
  readonly rate?: number;
  /** Of every shuffle: a whole number. */
  readonly seed: number;
  /** How many seconds ahead `host` predicts: above 0. Default 2. */
  readonly ahead?: number;
  /** How often the digits are repeated. Default: without end. */
  readonly passes?: number;
  /** Whether a file is followed as it grows. Default false. */
  readonly follow?: boolean;
  /** MQTT topic filters beside that of the address. */
  readonly topic?: readonly string[];
  /** The name of the MQTT session. Default: the session ends with the connection. */
  readonly clientId?: string;
  /** The MQTT quality of service. Default 1. */
  readonly qos?: 0 | 1 | 2;
  /** 4 is MQTT 3.1.1, 5 is MQTT 5. Default 4. */
  readonly mqttVersion?: 4 | 5;
  /** Timeout of the first connection to a server, in seconds: above 0. Default 30. */
  readonly wait?: number;
  /** Capacity of the buffer of a source that is pushed, in samples. Default 10,000. */
  readonly buffer?: number;
  /** What happens to samples when that buffer is full. Default `drop-oldest`. */
  readonly whenFull?: OverflowPolicy;
}

/** What a source is connected to. */
export interface Surroundings {
  readonly rejected: RejectionSink;
  /** Which cells are given as they are written. Default: none; what reads as a number is one. */
  readonly written?: WrittenCells;
  /** For a source that resumes by itself. */
  readonly place: Place;
  /** Slows, stops and starts it. What `host` reads meanwhile is left out; a WebSocket fills its buffer. */
  readonly governor?: Governor;
  /** Notified when a connection changes or a source restarts. */
  readonly events?: ConnectionEventSink;
  /** Notified when samples begin and cease to be dropped. */
  readonly overflow?: { next(overflow: Overflow): void };
  /** Done when a checkpoint contains what was learned: MQTT messages are acknowledged then. */
  readonly kept?: () => Promise<unknown>;
}

/** All that a source is opened with. */
export type OpenOptions = SourceOptions & Surroundings;
