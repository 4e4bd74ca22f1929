import { describe, expect, it } from 'vitest';
import { type EncoderMemory, type EncoderOptions, encoder } from '../../src/encode/encoder.ts';
import type { NewInputOptions, NewInputsReport } from '../../src/encode/new-inputs.ts';
import { slotName } from '../../src/encode/slots.ts';
import type { Sample } from '../../src/sources/sample.ts';

const limits: NewInputOptions = {
  freeSamples: 20,
  sightings: 3,
  trialSlots: 2,
  trialSamples: 50,
  samplesPerSlot: 4,
  slotsAtOnce: 8,
  recycleFrom: 8,
  staleAfter: 100,
};

/** An encoder that has seen ordinary records until the free time at the start is over. */
class Run {
  readonly reports: NewInputsReport[] = [];
  readonly #part;
  memory: EncoderMemory;

  constructor(options: EncoderOptions = {}) {
    this.#part = encoder({
      newInputs: limits,
      reported: { next: (report) => this.reports.push(report) },
      ...options,
    });
    this.memory = this.#part.initial();
    for (let i = 0; i < 30; i += 1) this.update();
  }

  get names(): string[] {
    return this.memory.slots.map(slotName);
  }

  /** An ordinary record, with more features. */
  update(more: Record<string, unknown> = {}): Sample {
    const features = { a: 1, b: 2, c: 3, room: 'hall', ...more };
    return this.#part.update(this.memory, { features });
  }

  ordinary(count: number): void {
    for (let i = 0; i < count; i += 1) this.update();
  }

  apply(features: Record<string, unknown>): Sample {
    return this.#part.apply(this.memory, { features });
  }
}

const ordinary = ['a', 'b', 'c', 'room=hall'];

const floods: Record<string, (i: number) => Record<string, unknown>> = {
  names: (i) => ({ [`f${i}`]: i }),
  'names of texts': (i) => ({ [`f${i}`]: `v${i}` }),
  'categories of one feature': (i) => ({ room: `r${i}` }),
  'long texts': (i) => ({ [`f${i}`]: `${i}`.repeat(200) }),
  timestamps: (i) => ({ [`f${i}`]: '2026-11-30T12:00:00Z' }),
  'nested names': (i) => ({ deep: { [`f${i}`]: true } }),
  'names that mean something to JavaScript': (i) =>
    JSON.parse(`{"__proto__": {"constructor${i}": ${i}, "toString": "x${i}"}}`) as object as Record<
      string,
      unknown
    >,
};

describe('new inputs after the start of a stream', () => {
  it.each(Object.entries(floods))(
    'a flood of %s makes few slots, with or without recycling',
    (_name, flood) => {
      for (const recycles of [false, true]) {
        const run = new Run({ recycles });
        expect(run.names).toEqual(ordinary);
        for (let i = 0; i < 2_000; i += 1) run.update(flood(i));
        // One on trial for four others; one more name where it recurs itself.
        expect(run.names.length).toBeLessThanOrEqual(ordinary.length + 2);
        expect(run.names.slice(0, 4)).toEqual(ordinary);
      }
    },
  );

  it('a new input gets a slot at once while few are on trial, and stays if it recurs', () => {
    const run = new Run({ recycles: true });
    run.update({ d: 1 });
    expect(run.names).toEqual([...ordinary, 'd']);
    run.update({ d: 2 });
    run.update({ d: 3 });
    for (let i = 0; i < 200; i += 1) run.update({ [`f${i}`]: 1 });
    expect(run.names).toContain('d');
  });

  it('gives the slot of an input that did not recur to the next, and says so in the sample', () => {
    const run = new Run({ recycles: true });
    run.update({ d: 1 });
    run.ordinary(60);
    const sample = run.update({ e: 7 });
    expect(run.names).toEqual([...ordinary, 'e']);
    expect(sample.forgotten).toEqual([4]);
    expect(sample.x).toEqual([1, 2, 3, 1, 7]);
    expect(run.apply({ d: 5 }).x[4]).toBeNaN();
    expect(run.update({ e: 8 }).forgotten).toBeUndefined();
  });

  it('gives a slot to an input that has been seen often enough, however many are left out', () => {
    const run = new Run();
    for (let i = 0; i < 300; i += 1) {
      run.update({ [`f${i}`]: 1, ...(i % 50 === 0 && { rare: i }) });
    }
    expect(run.names).toContain('rare');
    expect(run.names).toHaveLength(7);
  });

  it('makes at most one slot in 20 samples, even of inputs that recur', () => {
    const run = new Run({ recycles: true });
    const { samplesPerSlot, slotsAtOnce } = limits as {
      samplesPerSlot: number;
      slotsAtOnce: number;
    };
    for (let i = 0; i < 400; i += 1) run.update({ [`f${Math.floor(i / 3)}`]: 1 });
    expect(run.names.length).toBeGreaterThan(ordinary.length + slotsAtOnce);
    expect(run.names.length).toBeLessThanOrEqual(
      ordinary.length + slotsAtOnce + 400 / samplesPerSlot,
    );
  });

  it('gives slots that have not been seen for long to others, the oldest first', () => {
    const run = new Run({ recycles: true, newInputs: { ...limits, trialSlots: 0 } });
    const often = (name: string): void => {
      for (let i = 0; i < 3; i += 1) run.update({ [name]: 1 });
    };
    for (const name of ['p', 'q', 'r', 's']) {
      run.ordinary(10);
      often(name);
    }
    expect(run.names).toEqual([...ordinary, 'p', 'q', 'r', 's']);
    run.ordinary(150);
    often('t');
    often('u');
    expect(run.names).toEqual([...ordinary, 't', 'u', 'r', 's']);
  });

  it('without recycling keeps every slot that it has made', () => {
    const run = new Run({ newInputs: { ...limits, trialSlots: 0 } });
    for (const name of ['p', 'q', 'r', 's', 't']) {
      for (let i = 0; i < 3; i += 1) run.update({ [name]: 1 });
      run.ordinary(150);
    }
    expect(run.names).toEqual([...ordinary, 'p', 'q', 'r', 's', 't']);
  });

  it('tells of a burst once, with counts and examples', () => {
    const run = new Run();
    for (let i = 0; i < 500; i += 1) run.update({ room: `r${i}` });
    expect(run.reports).toHaveLength(1);
    expect(run.reports[0]).toMatchObject({ leftOut: 100, recycled: 0 });
    expect(run.reports[0]!.examples[0]).toMatch(/^room=r\d/);
    run.ordinary(1_500);
    for (let i = 0; i < 500; i += 1) run.update({ room: `s${i}` });
    expect(run.reports).toHaveLength(2);
  });

  it('resumes from a saved text in the middle of a flood as if never stopped', () => {
    const [whole, resumed] = [new Run({ recycles: true }), new Run({ recycles: true })];
    for (let i = 0; i < 600; i += 1) {
      if (i % 150 === 75)
        resumed.memory = JSON.parse(JSON.stringify(resumed.memory)) as EncoderMemory;
      const more = { [`f${Math.floor(i / 2)}`]: i, [`g${Math.floor(i / 5)}`]: 'x', room: `r${i}` };
      const before = JSON.stringify(whole.memory);
      whole.apply({ ...more, other: 1 });
      expect(JSON.stringify(whole.memory)).toBe(before);
      expect(resumed.update(more)).toEqual(whole.update(more));
    }
    expect(resumed.memory).toEqual(whole.memory);
    expect(whole.memory.newcomers!.recycled).toBeGreaterThan(0);
  });

  it('takes a wide table in its first samples, whatever there is afterwards', () => {
    const part = encoder();
    const memory = part.initial();
    const wide = Object.fromEntries(Array.from({ length: 2_000 }, (_, i) => [`c${i}`, i]));
    part.update(memory, { features: wide });
    expect(memory.slots).toHaveLength(2_000);
    for (let i = 0; i < 20; i += 1) part.update(memory, { features: { [`late${i}`]: 1 } });
    expect(memory.slots.length).toBeLessThan(2_000 + 20);
  });

  it('remembers at most 4,096 candidates', () => {
    const run = new Run();
    for (let i = 0; i < 60; i += 1) {
      const names = Array.from({ length: 100 }, (_, j) => [`f${i}.${j}`, 1] as const);
      run.update(Object.fromEntries(names));
    }
    expect(run.memory.newcomers!.candidates.hashes).toHaveLength(4_096);
  });

  it('resumes with a memory of an earlier version, which has nothing of new inputs', () => {
    const part = encoder();
    const memory: EncoderMemory = {
      slots: [{ feature: 'a', kind: 'number', value: '' }],
      classes: [],
    };
    expect(part.update(memory, { features: { a: 1, b: 2 } }).x).toEqual([1, 2]);
    expect(memory.newcomers!.samples).toBe(1);
  });

  it.each([
    [{ sightings: 0 }, 'sightings'],
    [{ sightings: 256 }, 'sightings'],
    [{ samplesPerSlot: 0.5 }, 'samplesPerSlot'],
    [{ trialSlots: -1 }, 'trialSlots'],
  ] as const)('refuses %o', (newInputs, name) => {
    expect(() => encoder({ newInputs })).toThrow(name);
  });
});

describe('a record with very many features', () => {
  it('is refused with the limit and its option, before anything has changed', () => {
    const part = encoder({ featuresMax: 50 });
    const memory = part.initial();
    const record = (count: number) => ({
      features: Object.fromEntries(Array.from({ length: count }, (_, i) => [`f${i}`, i])),
    });
    part.update(memory, record(50));
    const before = structuredClone(memory);
    for (const features of [
      record(51).features,
      { ...record(25).features, nested: { ...record(26).features } },
      Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`g${i}`, null])),
    ])
      expect(() => part.update(memory, { features })).toThrow(
        'more than 50 features: send fewer, or raise featuresMax',
      );
    expect(memory).toEqual(before);
  });
});
