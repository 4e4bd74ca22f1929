import type { PredictEnvelope } from './client-messages.ts';
import { numbersOf } from './fed-batch.ts';
import { InvalidSample, readFedSample } from './fed-sample.ts';
import type { Limits } from './limits.ts';
import type { Row } from './model.ts';
import { RequestError } from './request-error.ts';

/** Limits of the rows of one question. */
type RowLimits = Pick<Limits, 'predictRows' | 'sampleDepth' | 'sampleValues'>;

/** Reads the rows of a question; throws a RequestError that names the first bad one. */
export const readRows = (
  { x, features }: Pick<PredictEnvelope, 'x' | 'features'>,
  limits: RowLimits,
): Row[] => {
  if ((x === undefined) === (features === undefined)) {
    throw new RequestError('shape', 'expected either x or features');
  }
  const rows = (x ?? features)!;
  if (rows.length > limits.predictRows) {
    throw new RequestError('limit', `at most ${limits.predictRows} rows at once`);
  }
  return rows.map((row, i) => {
    // Absent fields of a sample are no fault; those of a row are.
    const read = readFedSample(x ? { x: row ?? null } : { features: row ?? null }, limits);
    if (read instanceof InvalidSample) throw new RequestError('shape', `row ${i}: ${read.reason}`);
    return read.x ? { x: numbersOf(read.x) } : { features: read.features! };
  });
};
