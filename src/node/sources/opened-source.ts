import type { Observable } from 'rxjs';
import type { Task } from '../../encode/task.ts';
import type { Example } from '../../sources/example.ts';
import type { BufferCounters } from '../../stream/waiting.ts';
import type { ByteProgress } from './files/bytes.ts';

/** A source that someone named on the command line, ready to be subscribed to. */
export interface OpenedSource {
  /** What people call it. */
  readonly name: string;
  readonly examples: Observable<Example>;
  /** It comes as it happens: one cannot wait for its first thousand rows. */
  readonly isLive: boolean;
  /** It may be a pipe, in which the next row is far away. Told what is waited for. */
  readonly pipe?: { tell(message: string): void };
  /** It gives the same examples again when it is opened again: after a restart it goes on where it stood. */
  readonly isReplayable: boolean;
  /** It was told its place, and goes on after what was taken by itself. */
  readonly findsPlace?: boolean;
  /** Its values are numbers and categories as they are: no types are inferred. */
  readonly isTyped?: boolean;
  /** What its target is, where the source itself knows. */
  readonly task?: Task;
  /** Its features are 0 … this, all of them. */
  readonly featureMax?: number;
  /** How far it has been read, in bytes. */
  readonly progress?: ByteProgress;
  /** What waits before it, where it has a buffer: the lag. */
  readonly buffer?: BufferCounters;
  /** How many examples there are. */
  readonly count?: number;
}
