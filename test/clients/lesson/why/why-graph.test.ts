import { describe, expect, test } from 'vitest';
import type { Formula } from '../../../../clients/lesson/why/formula.ts';
import {
  type LessonModel,
  type LessonPass,
  lessonPass,
  networkOf,
} from '../../../../clients/lesson/why/lesson-pass.ts';
import type { Quantity } from '../../../../clients/lesson/why/quantity.ts';
import { shownQuantities, WhyGraph } from '../../../../clients/lesson/why/why-graph.ts';
import {
  type ActivationName,
  adagrad,
  adam,
  adamw,
  type LossName,
  momentum,
  nesterov,
  type Optimizer,
  rmsprop,
  sgd,
} from '../../../../src/index.ts';
import { RandomSamples } from '../../../learn/kernel/random-networks.ts';

const passOf = (model: LessonModel, updates = 5): LessonPass => {
  using network = networkOf(model, 'reference');
  const samples = new RandomSamples({ sizes: model.sizes });
  for (let step = 0; step < updates; step++) {
    const { x, y } = samples.next();
    network.learn(x, y);
  }
  const { x, y } = samples.next();
  return lessonPass(model, network.save(), { x: [...x], y: [...y] });
};

const linksOf = (formula: Formula): string[] => {
  switch (formula.kind) {
    case 'number':
      return formula.id === undefined ? [] : [formula.id];
    case 'row':
      return formula.parts.flatMap(linksOf);
    case 'scripts':
      return [formula.base, formula.sub, formula.sup].flatMap((part) =>
        part ? linksOf(part) : [],
      );
    case 'fraction':
      return [formula.top, formula.bottom].flatMap(linksOf);
    case 'root':
      return linksOf(formula.of);
    default:
      return [];
  }
};

/** Every quantity that a reader can reach from those that are shown. */
const crawl = (pass: LessonPass): { graph: WhyGraph; reached: Set<string> } => {
  const graph = new WhyGraph(pass);
  const reached = new Set(shownQuantities(pass));
  for (const id of reached) {
    const quantity = graph.get(id);
    expect(quantity.id).toBe(id);
    for (const source of quantity.sources) reached.add(source);
    for (const { factors } of quantity.terms ?? [])
      for (const factor of factors) reached.add(factor);
  }
  return { graph, reached };
};

const expectExplained = (quantity: Quantity, graph: WhyGraph): void => {
  const { id, value, equation, sources, recompute } = quantity;
  expect(Number.isFinite(value), id).toBe(true);
  expect(quantity.reason.length, id).toBeGreaterThan(10);
  if (!equation) {
    expect(sources, id).toEqual([]);
    expect(quantity.reason, id).toMatch(/^Given: /);
    return;
  }
  // Each number of the equation is one of the sources, and can be clicked.
  for (const link of linksOf(equation.numbers)) expect(sources, id).toContain(link);
  expect(linksOf(equation.numbers).length, id).toBeGreaterThan(id.startsWith("f'") ? -1 : 0);
  const again = recompute!((source) => graph.get(source).value);
  expect(Math.abs(again - value), id).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(value)));
};

const hidden: ActivationName[] = [
  'sigmoid',
  'tanh',
  'relu',
  'leakyRelu',
  'softplus',
  'identity',
  'softmax',
];
const outputs: [ActivationName, LossName][] = [
  ['sigmoid', 'halfSquaredError'],
  ['identity', 'huber'],
  ['softmax', 'crossEntropy'],
  ['softmax', 'halfSquaredError'],
  ['sigmoid', 'binaryCrossEntropy'],
  ['sigmoid', 'crossEntropy'],
];
const optimizers: Optimizer[] = [
  sgd({ learningRate: 0.25 }),
  momentum(),
  nesterov(),
  adagrad(),
  rmsprop(),
  rmsprop({ decay: 0.999, biasCorrection: true }),
  adam(),
  adamw({ weightDecay: 0.1 }),
] as Optimizer[];

describe('the why-graph', () => {
  test.each(hidden.flatMap((inner) => outputs.map(([output, loss]) => ({ inner, output, loss }))))(
    'of $inner, $output and $loss has no dead end, and every equation gives the engine’s number',
    ({ inner, output, loss }) => {
      const model: LessonModel = {
        sizes: [3, 4, 3, 2],
        activations: [inner, 'tanh', output],
        loss,
        optimizer: sgd({ learningRate: 0.25 }),
      };
      const { graph, reached } = crawl(passOf(model));
      for (const id of reached) expectExplained(graph.get(id), graph);
      expect(reached.size).toBeGreaterThan(120);
    },
  );

  test.each(optimizers)(
    'explains each update by $name, from the optimizer’s own memory',
    (optimizer) => {
      const model: LessonModel = {
        sizes: [3, 4, 2],
        activations: ['sigmoid', 'sigmoid'],
        loss: 'halfSquaredError',
        optimizer,
      };
      for (const updates of [0, 7]) {
        const { graph, reached } = crawl(passOf(model, updates));
        for (const id of reached) expectExplained(graph.get(id), graph);
      }
    },
  );

  test('knows no quantity of another name', () => {
    const graph = new WhyGraph(
      passOf({
        sizes: [1, 1],
        activations: ['sigmoid'],
        loss: 'halfSquaredError',
        optimizer: sgd(),
      }),
    );
    expect(() => graph.get('q/1/2')).toThrow(RangeError);
  });
});
