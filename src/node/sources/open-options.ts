import type { ConnectionEventSink } from '../../sources/connection-event.ts';
import type { Governor } from '../../stream/governor.ts';
import type { RejectionSink } from '../../stream/rejection.ts';
import type { Overflow, OverflowPolicy } from '../../stream/waiting.ts';
import type { Place } from './place.ts';

/** What a training has for its source. */
export interface Surroundings {
  readonly rejected: RejectionSink;
  /** For a source that finds its place by itself. */
  readonly place: Place;
}

/** What the command line says about a source. */
export interface OpenOptions extends Surroundings {
  readonly target?: string;
  readonly id?: string;
  readonly time?: string;
  readonly rate?: number;
  readonly seed: number;
  /** How many seconds ahead `host` predicts. */
  readonly ahead: number;
  /** How often the digits come, where that has an end. */
  readonly passes?: number;
  /** Go on with a file as it grows. */
  readonly follow?: boolean;
  /** Topic filters beside that of the address. */
  readonly topics?: readonly string[];
  /** The name of the MQTT session. Default: the session ends with the connection. */
  readonly clientId?: string;
  /** The MQTT quality of service. Default 1. */
  readonly qos?: 0 | 1 | 2;
  /** 4 is MQTT 3.1.1, 5 is MQTT 5. Default 4. */
  readonly mqttVersion?: 4 | 5;
  /** Done when a checkpoint contains what was learned: MQTT messages are acknowledged then. */
  readonly kept?: () => Promise<unknown>;
  /** How long a server is waited for at first, in milliseconds. */
  readonly waitMs?: number;
  /** How many samples may wait, where a source does not wait itself. */
  readonly size?: number;
  /** What becomes of those for which there is no room. */
  readonly policy?: OverflowPolicy;
  /** Slows, stops and starts it. What `host` reads meanwhile is left out; a WebSocket fills its buffer. */
  readonly governor?: Governor;
  /** Told of what becomes of a connection. */
  readonly events?: ConnectionEventSink;
  /** Told when samples begin and cease to be left out. */
  readonly overflow?: { next(overflow: Overflow): void };
}
