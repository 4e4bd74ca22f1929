import { describe, expect, test } from 'vitest';
import { finiteDifferences } from '../../../../clients/lesson/model/finite-difference.ts';
import type { Formula } from '../../../../clients/lesson/why/formula.ts';
import {
  type LessonModel,
  type LessonPass,
  type LessonSample,
  lessonPass,
  networkOf,
} from '../../../../clients/lesson/why/lesson-pass.ts';
import { partPass } from '../../../../clients/lesson/why/part-pass.ts';
import type { Quantity } from '../../../../clients/lesson/why/quantity.ts';
import { skipPass } from '../../../../clients/lesson/why/skip-pass.ts';
import { shownQuantities, WhyGraph } from '../../../../clients/lesson/why/why-graph.ts';
import {
  type ActivationName,
  adagrad,
  adam,
  adamw,
  type LossName,
  momentum,
  Network,
  nesterov,
  type Optimizer,
  rmsprop,
  sgd,
} from '../../../../src/index.ts';
import type { SkipCopy } from '../../../../src/learn/network-copy.ts';
import { NetExpert } from '../../../../src/learn/pool/experts/net.ts';
import { PoolInputs } from '../../../../src/learn/pool/inputs.ts';
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

/** Networks as servers have them: scaled, limited, grown, with a sample that lacks a value. */
const served: [string, LessonModel, LessonSample][] = [
  [
    'standardised inputs and target, and a missing value',
    {
      ...{ sizes: [3, 4, 1], activations: ['relu', 'identity'], loss: 'huber', lossDelta: 3 },
      optimizer: rmsprop({ learningRate: 0.01, decay: 0.999, biasCorrection: true }),
      ...{ outputChangeCap: 2, isStandardised: true, target: { mean: 20, deviation: 4 } },
    },
    { x: [0.3, Number.NaN, 90], y: [31] },
  ],
  [
    'a capped step that is cut',
    {
      ...{ sizes: [3, 4, 1], activations: ['relu', 'identity'], loss: 'huber', lossDelta: 3 },
      ...{ optimizer: sgd({ learningRate: 50 }), outputChangeCap: 0.5 },
    },
    { x: [0.3, -0.2, 0.9], y: [0.7] },
  ],
  [
    'a penalty, a clipped gradient and a schedule',
    {
      ...{ sizes: [3, 4, 2], activations: ['tanh', 'softmax'], loss: 'crossEntropy' },
      ...{ optimizer: momentum(), weightDecay: 0.01, gradientClip: 0.1, rate: 0.5 },
    },
    { x: [0.3, -0.2, 0.9], y: [0, 1] },
  ],
];

/** Samples of seven inputs, of which one is missing now and then. */
const poolSamples = Array.from({ length: 60 }, (_, i) => ({
  x: Array.from({ length: 7 }, (__, j) =>
    (i + j) % 9 === 0 ? Number.NaN : Math.sin(i * (j + 1)) * (j + 1),
  ),
  label: i % 3,
  value: Math.cos(i),
}));

const expectClose = (
  values: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
): void => {
  expect(values.length).toBe(expected.length);
  for (let i = 0; i < values.length; i++) {
    expect(Math.abs(values[i]! - expected[i]!), String(i)).toBeLessThanOrEqual(
      tolerance * Math.max(1, Math.abs(expected[i]!)),
    );
  }
};

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

  test.each(served)('explains %s', (_, model, sample) => {
    using network = networkOf(model, 'reference');
    const samples = new RandomSamples({ sizes: model.sizes });
    for (let step = 0; step < 9; step++) {
      const { x, y } = samples.next();
      network.learn(x, y);
    }
    const pass = lessonPass(model, network.save(), sample);
    const { graph, reached } = crawl(pass);
    for (const id of reached) expectExplained(graph.get(id), graph);
    const texts = [...reached].map((id) => graph.get(id).reason).join();
    expect(texts.includes('missing')).toBe(sample.x.some(Number.isNaN));
    expect(pass.cap ? pass.cap.fraction < 1 : true).toBe(model.outputChangeCap !== 2);
  });

  test('counts the updates of an input that was added late from when it was added', () => {
    const model: LessonModel = {
      ...{ sizes: [2, 3, 1], activations: ['tanh', 'identity'], loss: 'halfSquaredError' },
      optimizer: adam(),
    };
    using network = networkOf(model, 'reference');
    for (let i = 0; i < 6; i++) network.learn([i, 1], [i % 2]);
    network.grow(3, 1);
    network.learn([1, 2, 3], [1]);
    const grown = { ...model, sizes: [3, 3, 1] };
    const { graph, reached } = crawl(lessonPass(grown, network.save(), { x: [1, 2, 3], y: [0] }));
    for (const id of reached) expectExplained(graph.get(id), graph);
    const ages = ['w/1/0/1', 'w/1/0/2'].map((id) => graph.get(`age:${id}`).value);
    expect(ages).toEqual([8, 2]);
  });

  test.each(
    (['rms', 'adagrad'] as const).flatMap((rule) =>
      [3, 0].map((classCount) => ({ rule, classCount })),
    ),
  )(
    'explains a net of a pool by $rule with $classCount classes, as its kernel learns',
    ({ rule, classCount }) => {
      const sizes = { inputCount: 7, classCount };
      const inputs = new PoolInputs(sizes);
      const options = { name: 'net', rule, rate: 0.01, scaling: 'steady', replays: 0 } as const;
      const expert = new NetExpert({ ...options, seesRecent: true, seed: 3 }, sizes);
      const out = new Float64Array(classCount || 1);
      const learn = ({ x, label, value }: (typeof poolSamples)[number]): void => {
        inputs.look(x);
        expert.learn(inputs, { label, value, weight: 1 }, out);
        inputs.take(x);
        inputs.update(classCount > 0 ? label : value);
      };
      for (const sample of poolSamples.slice(0, -1)) learn(sample);
      const sample = poolSamples.at(-1)!;
      const before: SkipCopy = { ...expert.copyNet(7, inputs), target: null };
      const y = classCount > 0 ? [0, 1, 2].map((k) => Number(k === sample.label)) : [sample.value];
      const pass = skipPass(before, { x: sample.x, y });
      learn(sample);
      expectClose(pass.h.at(-1)!, out, 1e-5);
      const after = skipPass({ ...expert.copyNet(7, inputs), target: null }, { x: sample.x, y });
      // The kernel computes in float32.
      for (const [l, { weights, biases }] of after.before.entries()) {
        expectClose(pass.after[l]!.weights, weights, 1e-5);
        expectClose(pass.after[l]!.biases, biases, 1e-5);
      }
      expectClose(pass.direct!.after.weights, after.direct!.before.weights, 1e-5);
      expectClose(pass.direct!.after.biases, after.direct!.before.biases, 1e-5);
      const squares = (memory: LessonPass['optimizerAfter']) => memory['squares'] as Float64Array;
      expectClose(squares(pass.optimizerAfter), squares(after.optimizerBefore), 1e-5);
      const { graph, reached } = crawl(pass);
      for (const id of reached) expectExplained(graph.get(id), graph);
      // The derivative of a direct weight, and of one behind the normalisation, measured.
      for (const [id, at] of [
        ['dJ/dd/0/1', { layer: 4, to: 0, from: 1 }],
        ['dJ/dw/2/5/3', { layer: 2, to: 5, from: 3 }],
        ['dJ/dw/1/4/2', { layer: 1, to: 4, from: 2 }],
      ] as const) {
        const [measured] = finiteDifferences(pass, at);
        expect(measured!.value).toBeCloseTo(graph.get(id).value, 6);
      }
    },
  );

  test.each([
    ['softmax', 'crossEntropy'],
    ['sigmoid', 'halfSquaredError'],
  ] as const)(
    'explains some units of a network with %s and %s, with what the others add',
    (output, loss) => {
      const activations: ActivationName[] = ['relu', 'tanh', output];
      const sizes = [9, 12, 10, 8];
      const options = { sizes, activations, loss, standardise: true, engine: 'reference' } as const;
      using network = new Network(options);
      const samples = new RandomSamples(options);
      for (let step = 0; step < 9; step++) {
        const { x, y } = samples.next();
        network.learn(x, y);
      }
      const { x } = samples.next();
      const y = Float64Array.from({ length: 8 }, (_, k) => Number(k === 2));
      const part = network.copyPart('network', { x, y }, 4);
      expect(part.units.map(({ length }) => length)).toEqual([4, 4, 4, 4]);
      // The output that was wanted is farthest from its target.
      expect(part.units.at(-1)).toContain(2);
      const pass = partPass(part);
      const { graph, reached } = crawl(pass);
      for (const id of reached) expectExplained(graph.get(id), graph);
      const all = network.predict(x);
      expectClose(
        pass.h.at(-1)!,
        Float64Array.from(part.units.at(-1)!, (k) => all[k]!),
        1e-5,
      );
      expect(Math.abs(pass.cost - network.costOf(all, y))).toBeLessThan(1e-5);
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
