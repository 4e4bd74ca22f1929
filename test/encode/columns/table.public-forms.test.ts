import { Readable } from 'node:stream';
import { lastValueFrom, take, toArray } from 'rxjs';
import { expect, test } from 'vitest';
import { columns } from '../../../src/encode/columns/columns.ts';
import { inferColumns } from '../../../src/encode/columns/table.ts';
import { inferredTask } from '../../../src/encode/task.ts';
import { initialRandom, randomShare } from '../../../src/math/random.ts';
import { csv } from '../../../src/node/sources/files/csv.ts';
import { WrittenCells } from '../../../src/sources/written-cells.ts';

const random = initialRandom(5);
const uniform = (from: number, to: number): number => from + (to - from) * randomShare(random);
const whole = (from: number, to: number): number => Math.floor(uniform(from, to + 1));
const pick = <Value>(...values: Value[]): Value => values[whole(0, values.length - 1)]!;
const two = (value: number): string => String(value).padStart(2, '0');
const comma = (value: number, digits: number): string => value.toFixed(digits).replace('.', ',');
const table = (header: string, count: number, row: (i: number) => string): string =>
  [header, ...Array.from({ length: count }, (_, i) => row(i))].join('\n');

/** Tables in the form of well-known ones, with values of their own; what each column and the target are. */
const forms = {
  'an air station: semicolons, decimal commas, the time of day with dots, empty columns at the end':
    {
      text: table('Date;Time;CO(GT);T;RH;;', 400, (i) =>
        [
          `${two(1 + Math.floor(i / 24))}/03/2004;${two(i % 24)}.00.00`,
          i % 17 === 0 ? '-200' : comma(uniform(2, 5), 1),
          `${comma(uniform(10, 20), 1)};${comma(uniform(40, 60), 1)};;`,
        ].join(';'),
      ),
      target: 'RH',
      kinds: { Date: 'timestamp', Time: 'dropped', 'CO(GT)': 'number', T: 'number', RH: 'number' },
      task: 'regression',
    },
  'a household: date and time apart, ? for a missing value': {
    text: table('Date;Time;power;voltage', 900, (i) => {
      const value = (from: number, to: number) =>
        i % 50 === 0 ? '?' : uniform(from, to).toFixed(3);
      const date = `${16 + Math.floor(i / 1440)}/12/2006`;
      return `${date};${two(Math.floor(i / 60) % 24)}:${two(i % 60)}:00;${value(0, 5)};${value(230, 239)}`;
    }),
    target: 'power',
    kinds: { Date: 'timestamp', Time: 'dropped', voltage: 'number', power: 'number' },
    task: 'regression',
  },
  'appliances: every cell quoted, an integer amount as the target': {
    text: table('"date","Appliances","lights","T1"', 900, (i) => {
      const at = `2016-01-${two(11 + Math.floor(i / 144))} ${two(Math.floor(i / 6) % 24)}:${i % 6}0:00`;
      const load = 10 * (2 + whole(0, 4) + whole(0, 4) + (i % 9 === 0 ? whole(0, 60) : 0));
      return `"${at}","${load}","${10 * whole(0, 4)}","${uniform(19, 21).toFixed(2)}"`;
    }),
    target: 'Appliances',
    kinds: { date: 'timestamp', lights: 'number', T1: 'number', Appliances: 'number' },
    task: 'regression',
  },
  'passengers: names, tickets and gaps': {
    text: table('Survived,Pclass,Name,Sex,Age,Cabin,Embarked', 600, (i) =>
      [
        `${whole(0, 1)},${whole(1, 3)},"Doe ${i}, Mr. J ""Jo"" ${whole(0, 1e6)}"`,
        `${pick('male', 'female')},${i % 5 === 0 ? '' : whole(1, 70)}`,
        `${i % 4 === 0 ? `C${whole(1, 99)}` : ''},${pick('S', 'C', 'Q')}`,
      ].join(','),
    ),
    target: 'Survived',
    kinds: {
      ...{ Pclass: 'number', Name: 'identifier', Sex: 'category', Age: 'number' },
      ...{ Cabin: 'category', Embarked: 'category', Survived: 'number' },
    },
    task: 'classification',
  },
  'adults: a space behind each comma, ? among categories': {
    text: table('age,workclass,fnlwgt,education,income', 900, () =>
      [
        ...[whole(17, 90), pick('Private', 'State-gov', '?'), whole(12_285, 1_484_705)],
        ...[pick('Bachelors', 'HS-grad', '11th', '9th'), pick('<=50K', '>50K')],
      ].join(', '),
    ),
    target: 'income',
    kinds: {
      ...{ age: 'number', workclass: 'category', fnlwgt: 'number' },
      ...{ education: 'category', income: 'category' },
    },
    task: 'classification',
  },
  'molluscs: an integer count as the target': {
    text: table('Sex,Length,Height,Rings', 900, () => {
      const rings =
        3 + whole(0, 4) + whole(0, 4) + whole(0, 3) + pick(0, 0, 0, 0, 0, 0, 0, whole(0, 12));
      return `${pick('M', 'F', 'I')},${uniform(0, 1).toFixed(3)},${uniform(0, 1).toFixed(3)},${rings}`;
    }),
    target: 'Rings',
    kinds: { Sex: 'category', Length: 'number', Height: 'number', Rings: 'number' },
    task: 'regression',
  },
} as const;

test.each(Object.entries(forms))('%s', async (_name, { text, target, kinds, task }) => {
  const options = { target, written: new WrittenCells() };
  const rows = await lastValueFrom(
    csv(Readable.from([Buffer.from(text)]), options).pipe(take(1_000), toArray()),
  );
  const known = inferColumns(rows, target);
  expect(Object.fromEntries(known.map(({ name, kind }) => [name, kind]))).toEqual(kinds);
  expect(known.map(({ misfits }) => misfits)).toEqual(known.map(() => 0));
  const part = columns({ known });
  const typed = rows.map((row) => part.apply(part.initial(), row));
  expect(inferredTask(typed).task).toBe(task);
});
