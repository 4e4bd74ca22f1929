// An application that has an EventEmitter already: a machine that tells its readings. The network
// learns how warm the machine should be, and says when it is far from that.
//
//   npx tsx clients/examples/emitter.ts

import { EventEmitter } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type Example, encode, evaluate, fromEmitter, learn, mae, pool } from 'rivulet';
import { filter, map, type Observable } from 'rxjs';

/** What the application emits. */
export interface Reading {
  readonly load: number;
  readonly fan: number;
  readonly celsius: number;
}

/** Readings that are more than `limit` times the usual error away from what was expected. */
export const surprises = (machine: EventEmitter, limit = 8): Observable<string> => {
  const toExample = ({ celsius, ...features }: Reading): Example => ({ features, target: celsius });
  return fromEmitter<Example>(machine, 'reading', { map: toExample }).pipe(
    encode({ task: 'regression' }),
    learn(pool({ task: 'regression', inputCount: 2, outputCount: 1 })),
    evaluate({ mae: mae() }),
    filter(({ step }) => step > 200),
    map((score) => ({
      expected: score.prediction[0]!,
      celsius: score.sample.y![0]!,
      usual: score.read().metrics['mae']!,
    })),
    filter(({ expected, celsius, usual }) => Math.abs(celsius - expected) > limit * usual),
    map(({ expected, celsius }) => `${celsius.toFixed(1)} °C, expected ${expected.toFixed(1)} °C`),
  );
};

/** A machine that warms up with its load, cools with its fan, and now and then overheats. */
export const reading = (time: number): Reading => {
  const load = (1 + Math.sin(time / 7)) / 2;
  const fan = time % 40 < 20 ? 0.3 : 0.8;
  const fault = time % 300 === 299 ? 30 : 0;
  return { load, fan, celsius: 35 + 30 * load - 12 * fan + fault };
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const machine = new EventEmitter();
  surprises(machine).subscribe((surprise) => console.log(surprise));
  let time = 0;
  setInterval(() => machine.emit('reading', reading(time++)), 5);
}
