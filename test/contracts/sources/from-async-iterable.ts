import { fromAsyncIterable } from '../../../src/sources/index.ts';
import { valuesOver } from '../hostile/attacks.ts';
import type { SourceSubject } from '../source-subject.ts';

const broken = function* (): Generator<number> {
  yield 1;
  throw new Error('broken');
};

export const subject: SourceSubject = {
  make: () => fromAsyncIterable([1, 2, 3, 4]),
  makeBroken: () => fromAsyncIterable(broken()),
  attack: valuesOver((values) => fromAsyncIterable(values)),
};
