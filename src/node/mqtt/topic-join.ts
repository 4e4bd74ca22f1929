import { SampleError } from '../../stream/rejection.ts';

/** How many records may be open at once, and how many names one may have: topics come by flood. */
const groupsMax = 1_000;
const namesMax = 1_000;

/** What topics are called as features: `{ 'sensors/+/temp': 'temperature' }`. */
export type TopicMap = Readonly<Record<string, string>>;

/** A record that topics were joined into, with what the wildcards of their patterns matched. */
export interface JoinedRecord {
  readonly group: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/**
 * Joins the values of several topics into records: one for each text that the wildcards match, so
 * that the rooms of a house do not mix. A value that comes twice counts as it came last.
 */
export class TopicJoin {
  readonly #patterns: readonly { readonly pattern: RegExp; readonly name: string }[] | undefined;
  #open = new Map<string, Map<string, unknown>>();

  /** Without a map every topic is called by its own name, and all are one record. */
  constructor(map?: TopicMap) {
    this.#patterns =
      map && Object.entries(map).map(([filter, name]) => ({ pattern: topicPattern(filter), name }));
  }

  /** Takes a value. Throws a SampleError where it has no name, or there are too many. */
  put(topic: string, value: unknown): void {
    const { group, name } = this.#place(topic);
    let values = this.#open.get(group);
    if (values === undefined) {
      if (this.#open.size >= groupsMax) {
        throw new SampleError('shape', `${topic}: more than ${groupsMax} records at once`);
      }
      values = new Map();
      this.#open.set(group, values);
    }
    if (!values.has(name) && values.size >= namesMax) {
      throw new SampleError('shape', `${topic}: more than ${namesMax} topics in one record`);
    }
    values.set(name, value);
  }

  /** The records that are open, which are closed with it. */
  take(): JoinedRecord[] {
    const open = this.#open;
    this.#open = new Map();
    return Array.from(open, ([group, values]) => ({ group, values: Object.fromEntries(values) }));
  }

  #place(topic: string): { group: string; name: string } {
    if (this.#patterns === undefined) return { group: '', name: topic };
    for (const { pattern, name } of this.#patterns) {
      const match = pattern.exec(topic);
      if (match !== null) return { group: match.slice(1).join('/'), name };
    }
    throw new SampleError('shape', `${topic}: the map has no name for it`);
  }
}

/** A topic filter as a regular expression, with a group for each wildcard. */
const topicPattern = (filter: string): RegExp => {
  const levels = filter.split('/').map((level) => {
    if (level === '+') return '([^/]*)';
    return level === '#' ? '(.*)' : level.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${levels.join('/')}$`, 's');
};
