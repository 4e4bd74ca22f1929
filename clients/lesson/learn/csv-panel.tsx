import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Lesson } from '../model/lesson.ts';
import { type CsvTable, csvTable } from '../own/csv-table.ts';
import { type TableTopic, tableTopic } from '../own/table-topic.ts';

/** More is too much for a page to look at. */
const bytesMax = 5_000_000;

/** A table to begin with: who passes a test, after how many hours of work and of sleep. */
const exampleText = `hours,sleep,tired,passed
1,8,no,no
2,5,yes,no
3,7,no,no
4,4,yes,no
4,8,no,yes
5,6,no,yes
6,,yes,no
6,7,no,yes
7,8,no,yes
8,5,yes,yes
8,8,no,yes
2,8,no,no
5,4,yes,no
7,6,no,yes
9,7,no,yes
1,5,yes,no
`;

/** A CSV that is pasted, dropped or chosen, and the column to predict. */
export function CsvPanel({ lesson }: { lesson: Lesson }): JSX.Element {
  const [text, setText] = useState('');
  const [table, setTable] = useState<CsvTable>();
  const [target, setTarget] = useState('');
  const [used, setUsed] = useState<TableTopic>();
  const [problem, setProblem] = useState<string>();
  const use = (found: CsvTable, column: string): void => {
    setTarget(column);
    attempt(() => {
      const topic = tableTopic(found, column);
      setUsed(topic);
      lesson.start(topic.topic);
    });
  };
  const attempt = (act: () => void): void => {
    try {
      act();
      setProblem(undefined);
    } catch (error) {
      setProblem(`${(error as Error).message}.`);
    }
  };
  const read = (next: string): void => {
    setText(next);
    attempt(() => {
      if (next.length > bytesMax) throw new Error('The text is larger than 5 MB');
      const found = csvTable(next);
      setTable(found);
      use(
        found,
        found.names.find((name) => /^(target|label|class|y)$/i.test(name)) ?? found.names.at(-1)!,
      );
    });
  };
  const readFile = async (file: File | undefined): Promise<void> => {
    if (file) read(file.size > bytesMax ? ' '.repeat(bytesMax + 1) : await file.text());
  };
  return (
    <div class="own stack">
      <label class="field">
        <span>Paste a table with a header (CSV), or drop a file here. It stays in this page.</span>
        <textarea
          rows={5}
          spellcheck={false}
          value={text}
          placeholder={'hours,sleep,passed\n1,8,no\n7,6,yes'}
          onInput={({ currentTarget }) => read(currentTarget.value)}
          onDragOver={(event) => event.preventDefault()}
          onDrop={(event) => {
            const file = event.dataTransfer?.files[0];
            // A text that is dropped is the browser's own affair.
            if (!file) return;
            event.preventDefault();
            void readFile(file);
          }}
        />
      </label>
      <div class="tools">
        <label class="button file">
          choose a file
          <input
            type="file"
            accept=".csv,.tsv,.txt,text/csv"
            onChange={({ currentTarget }) => void readFile(currentTarget.files?.[0])}
          />
        </label>
        <button type="button" class="button" onClick={() => read(exampleText)}>
          take an example
        </button>
      </div>
      {problem && (
        <p class="error" role="alert">
          {problem}
        </p>
      )}
      {table && (
        <label class="field">
          <span>The column to predict</span>
          <select value={target} onChange={({ currentTarget }) => use(table, currentTarget.value)}>
            {table.names.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
      )}
      {used && used.leftOut > 0 && (
        <p class="notice" role="status">
          {used.leftOut === 1 ? '1 row is' : `${used.leftOut} rows are`} left out:{' '}
          {used.problems.join('; ')}
          {used.leftOut > used.problems.length ? '; …' : '.'}
        </p>
      )}
    </div>
  );
}
