import * as generators from '../../src/sources/generators/index.ts';
import type { SourceSubject } from './source-subject.ts';
import { subjectsIn } from './subjects.ts';

const generated = Object.entries(generators).map(([name, make]): [string, SourceSubject] => [
  name,
  { make: () => make({ count: 5 }), attack: 'takes nothing from outside' },
]);

/** The subject of each source: generators are made alike, any other brings its own. */
export const sourceSubjects: ReadonlyMap<string, SourceSubject> = new Map([
  ...subjectsIn<SourceSubject>(
    import.meta.glob('./sources/*.ts', { eager: true, import: 'subject' }),
  ),
  ...generated,
]);
