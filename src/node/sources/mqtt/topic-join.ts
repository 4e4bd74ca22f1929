import { SampleError } from '../../../stream/rejection.ts';

/** How many records may be open at once: topics come by flood. */
const groupsMax = 1_000;

/** Options of a {@link TopicJoin}. */
export interface TopicJoinOptions {
  /** What topics are called as features. Default: by their own names. */
  readonly map?: TopicMap | undefined;
  /**
   * How many topics may have values of their own where there is no `map`, counted from the beginning:
   * each is a feature that stays. The first that come are served. Default 1,000.
   */
  readonly topicsMax?: number | undefined;
}

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
  readonly #topicsMax: number;
  /** The topics that have come, where each is a feature. */
  readonly #topics = new Set<string>();
  #open = new Map<string, Map<string, unknown>>();

  /** Without a map every topic is called by its own name, and all are one record. */
  constructor({ map, topicsMax = 1_000 }: TopicJoinOptions = {}) {
    this.#topicsMax = topicsMax;
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
    values.set(name, value);
  }

  /** The records that are open, which are closed with it. */
  take(): JoinedRecord[] {
    const open = this.#open;
    this.#open = new Map();
    return Array.from(open, ([group, values]) => ({ group, values: Object.fromEntries(values) }));
  }

  #place(topic: string): { group: string; name: string } {
    if (this.#patterns === undefined) {
      this.#admit(topic);
      return { group: '', name: topic };
    }
    for (const { pattern, name } of this.#patterns) {
      const match = pattern.exec(topic);
      if (match !== null) return { group: match.slice(1).join('/'), name };
    }
    throw new SampleError('shape', `${topic}: the map has no name for it`);
  }

  /** A learner only grows: what a flood of topics has made of it would slow it down for good. */
  #admit(topic: string): void {
    const topics = this.#topics;
    if (topics.has(topic)) return;
    if (topics.size >= this.#topicsMax) {
      throw new SampleError('shape', `${topic}: more than ${this.#topicsMax} topics with values`);
    }
    // As a field it would make each record that it is joined into a bad one.
    if (topic === '__proto__')
      throw new SampleError('shape', 'a topic may not be called __proto__');
    topics.add(topic);
  }
}

/** A topic filter as a regular expression, with a group for each wildcard. `a/#` is `a` too. */
const topicPattern = (filter: string): RegExp => {
  const [, above, below = ''] = /^(.*?)(\/#)?$/s.exec(filter)!;
  const rest = below === '' ? '' : '(?:/(.*))?';
  const levels = above!.split('/').map((level) => {
    if (level === '+') return '([^/]*)';
    return level === '#' ? '(.*)' : level.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${levels.join('/')}${rest}$`, 's');
};
