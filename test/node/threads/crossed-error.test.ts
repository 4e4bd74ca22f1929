import { expect, test } from 'vitest';
import { Busy } from '../../../src/broadcast/model.ts';
import { RequestError } from '../../../src/broadcast/request-error.ts';
import { crossed, crossing } from '../../../src/node/threads/crossed-error.ts';
import { SampleError } from '../../../src/stream/rejection.ts';

test.each([
  new RequestError('unsupported', 'this learner cannot tell'),
  new SampleError('shape', 'expected 64 numbers, got 2'),
  new Busy('not now', 50),
])('an error keeps its class, its message and its fields across threads: $name', (error) => {
  const other = crossed(structuredClone(crossing(error)));
  expect(other.constructor).toBe(error.constructor);
  expect({ ...other, message: other.message }).toEqual({ ...error, message: error.message });
});
