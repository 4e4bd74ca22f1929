import { type BigIntStats, closeSync, openSync, statSync } from 'node:fs';
import type { ConnectionEventSink } from '../../../sources/connection-event.ts';
import type { Beginning, Place } from '../place.ts';
import { firstBytesOf, hasAll, headBytesMax, ReadHead } from './read-head.ts';
import { identityOf } from './succession.ts';

/**
 * Stands in a file that is read to its end where a run before stood, though that followed it. Where it
 * followed another, as after a rotation, this one begins, and a line says so.
 */
export const standIn = (path: string, place: Place, events?: ConnectionEventSink): void => {
  const { since } = place;
  if (since === undefined || !wasFollowed(since)) {
    place.repeat(beginningOf(path));
    return;
  }
  const other = otherThan(path, since);
  if (other === undefined) {
    place.repeat();
    return;
  }
  const message = `the file that was followed as ${path} is gone or was cut off: the one of that name begins anew`;
  events?.next({ kind: 'restarted', message });
  const begun = { bytes: 0, ...new ReadHead().mark };
  place.begin(() => ({ file: identityOf(other), seenMs: Number(other.birthtimeMs), ...begun }));
};

/** Whether a run counted from a file that it followed; else it read one to its end, or has not begun. */
export const wasFollowed = (since: Beginning): boolean =>
  since['file'] !== undefined && since['followed'] !== 0;

/**
 * Which file it is, for a run that follows it later; undefined for what is no file. Whoever reads it to
 * its end again need not know: it may have been made anew, with the same rows.
 */
const beginningOf = (path: string): (() => Beginning) | undefined => {
  try {
    const stats = statSync(path, { bigint: true });
    if (!stats.isFile()) return undefined;
    const head = new ReadHead();
    head.add(opened(path, (file) => firstBytesOf(file, headBytesMax)));
    const seen = { file: identityOf(stats), seenMs: Date.now(), followed: 0, bytes: 0 };
    return () => ({ ...seen, ...head.mark });
  } catch {
    return undefined;
  }
};

/** The file of that name, where it is not the one that was followed. */
const otherThan = (path: string, since: Beginning): BigIntStats | undefined => {
  try {
    const stats = statSync(path, { bigint: true });
    // What has another number may be no file at all, and is not opened.
    const isSame =
      since['file'] === identityOf(stats) && opened(path, (file) => hasAll(file, since));
    return isSame ? undefined : stats;
  } catch {
    // Whoever reads it next says what is wrong with it.
    return undefined;
  }
};

const opened = <Result>(path: string, look: (file: number) => Result): Result => {
  const file = openSync(path, 'r');
  try {
    return look(file);
  } finally {
    closeSync(file);
  }
};
