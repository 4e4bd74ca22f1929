import { identity, type MonoTypeOperatorFunction } from 'rxjs';
import { run } from './run.ts';

/** Gives each value to a sink, and passes it on as it is. Without a sink it is no operator at all. */
export const beside = <Value>(
  sink: { next(value: Value): void } | undefined,
): MonoTypeOperatorFunction<Value> => {
  if (sink === undefined) return identity;
  const update = (_memory: null, value: Value): Value => {
    sink.next(value);
    return value;
  };
  return run({ name: 'beside', initial: () => null, update });
};
