import type { OperatorFunction } from 'rxjs';
import type { Example } from '../sources/example.ts';
import type { Sample } from '../sources/sample.ts';
import { type RunOptions, run } from '../stream/run.ts';
import { type EncoderMemory, type EncoderOptions, encoder } from './encoder.ts';
import { type ScalerMemory, type ScalerOptions, scaler } from './standardise.ts';

/** Turns records into vectors: an {@link encoder} run over a stream. */
export const encode = (
  options: EncoderOptions & RunOptions<EncoderMemory> = {},
): OperatorFunction<Example, Sample> => run(encoder(options), options);

/** Makes features comparable: a {@link scaler} run over a stream. */
export const standardise = (
  options: ScalerOptions & RunOptions<ScalerMemory> = {},
): OperatorFunction<Sample, Sample> => run(scaler(options), options);
