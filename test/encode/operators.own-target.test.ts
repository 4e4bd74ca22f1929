import { targetItself } from '../../src/encode/operators.ts';
import type { Sample } from '../../src/sources/sample.ts';
import { freshForEachSubscriber, operatorCases } from '../contracts/operator-cases.ts';

const ownCase = {
  make: () => targetItself(),
  values: [{ x: [1] }, { x: [2, 3], id: 'a' }, { x: [4], y: [5] }],
  expected: [
    { x: [1], y: [1] },
    { x: [2, 3], y: [2, 3], id: 'a' },
    { x: [4], y: [4] },
  ],
} as const;
operatorCases<Sample, Sample>('targetItself', ownCase);
freshForEachSubscriber<Sample, Sample>('targetItself', ownCase);
