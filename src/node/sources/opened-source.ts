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
  /** Set for a pipe, whose next row may be far away. Receives what is being waited for. */
  readonly pipe?: { tell(message: string): void };
  /** Whether it emits the same examples when it is opened again, so that a restart can resume from its offset. */
  readonly isReplayable: boolean;
  /** Whether it resumes by itself, from the offset that it was given. */
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
