import { type BigIntStats, closeSync, openSync, readSync, statSync } from 'node:fs';
import type { ConnectionEventSink } from '../../sources/connection-event.ts';
import type { Beginning, Place } from '../place.ts';
import { headBytesOf, isHead, ReadHead } from './read-head.ts';
import { identityOf } from './succession.ts';

/**
 * Stands in a file that is read to its end where a run before stood, though that followed it. Where it
 * followed another, as after a rotation, this one begins, and a line says so.
 */
export const standIn = (path: string, place: Place, events?: ConnectionEventSink): void => {
  const { since } = place;
  const other = since && otherThan(path, since);
  if (other === undefined) {
    place.repeat();
    return;
  }
  const message = `the file that was followed as ${path} is gone or was cut off: the one of that name begins anew`;
  events?.next({ kind: 'lost', message });
  const begun = { bytes: 0, ...new ReadHead().mark };
  place.begin(() => ({ file: identityOf(other), seenMs: Number(other.birthtimeMs), ...begun }));
};

/** The file of that name, where it is not the one that was followed. */
const otherThan = (path: string, since: Beginning): BigIntStats | undefined => {
  try {
    const stats = statSync(path, { bigint: true });
    return isSame(path, stats, since) ? undefined : stats;
  } catch {
    // Whoever reads it next says what is wrong with it.
    return undefined;
  }
};

const isSame = (path: string, stats: BigIntStats, since: Beginning): boolean => {
  if (since['file'] !== identityOf(stats) || stats.size < Number(since['bytes'])) return false;
  const head = Buffer.alloc(headBytesOf(since));
  const file = openSync(path, 'r');
  try {
    readSync(file, head, 0, head.length, 0);
  } finally {
    closeSync(file);
  }
  return isHead(head, since);
};
