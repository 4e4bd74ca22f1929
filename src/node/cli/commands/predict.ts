import { existsSync } from 'node:fs';
import { Command, Option } from 'commander';
import type { UnknownFeatures } from '../../../encode/known-features.ts';
import type { Example } from '../../../sources/example.ts';
import { positiveNumber } from '../options/number-option.ts';
import { isServerUrl, serverUrl } from '../options/server-url.ts';
import { checkpointPredictor } from '../prediction/checkpoint-predictor.ts';
import {
  formatOf,
  type PredictionFormat,
  type PredictionRow,
  predictionFormats,
} from '../prediction/prediction-rows.ts';
import { PredictionWriter } from '../prediction/prediction-writer.ts';
import type { Answer, Predictor } from '../prediction/predictor.ts';
import { type InputRow, type ReadRowsOptions, readRows } from '../prediction/read-rows.ts';
import { serverPredictor } from '../prediction/server-predictor.ts';
import { isSameFile, TextOutput } from '../prediction/text-output.ts';
import { count } from '../terminal/figures.ts';
import { Misuse, oneLine } from '../terminal/misuse.ts';

interface PredictCommandOptions {
  readonly target?: string;
  readonly id?: string;
  readonly explain?: boolean;
  readonly format?: PredictionFormat;
  readonly output?: string;
  readonly model?: string;
  readonly wait: number;
}

/** `rivulet predict MODEL [FILE...]`: one row of predictions for each row of the input. */
export const predictCommand = (): Command =>
  new Command('predict')
    .description('predict each row of a file, without learning: one output row per input row')
    .argument('<model>', 'a folder of checkpoints, one checkpoint file, or the URL of a server')
    .argument('[file...]', 'CSV or NDJSON files, gzipped or not; - is standard input', ['-'])
    .option('-o, --output <file>', 'write to this file (default: standard output)')
    .addOption(
      new Option(
        '--format <name>',
        'the format of the output (default: as the name of --output says, else csv)',
      ).choices(predictionFormats),
    )
    .option('--explain', 'what each feature contributes to the prediction')
    .option(
      '-t, --target <name>',
      'the column that is not a feature (default: the one that the model predicts)',
    )
    .option('--id <name>', 'the column that names a row; it is copied to the output')
    .option('--model <name>', 'which model, where a server has several')
    .option('--wait <seconds>', 'how long a server is waited for at first', positiveNumber, 30)
    .addHelpText(
      'after',
      '\nA row that cannot be predicted has an error in its output row.\n' +
        'A token is read from the environment variable RIVULET_TOKEN.',
    )
    .action(predict);

const predict = async (
  model: string,
  files: string[],
  options: PredictCommandOptions,
): Promise<void> => {
  const { output, format = formatOf(output), explain = false } = options;
  const own = output === undefined ? undefined : files.find((file) => isSameFile(file, output));
  if (own !== undefined) {
    throw new Misuse(`--output ${output} is the input ${own}: choose another file`);
  }
  const predictor = await predictorOf(model, { ...options, explain });
  const run = new PredictionRun(predictor, { format, output, hasId: options.id !== undefined });
  try {
    const { target = predictor.target, id } = options;
    const { written } = predictor;
    const reading = { ...(target && { target }), ...(id && { id }), ...(written && { written }) };
    await run.predict(files, reading);
  } finally {
    predictor.close();
  }
  process.stderr.write(run.summary);
  if (run.hasOnlyErrors) process.exitCode = 1;
};

const predictorOf = (
  model: string,
  options: PredictCommandOptions & { readonly explain: boolean },
): Promise<Predictor> => {
  if (existsSync(model) || !isServerUrl(model)) return checkpointPredictor(model, options);
  const token = process.env['RIVULET_TOKEN'];
  const { model: name, explain, wait } = options;
  return serverPredictor(serverUrl(model), {
    ...{ explain, wait },
    ...(name && { model: name }),
    ...(token && { token }),
  });
};

interface PredictionRunOptions {
  readonly format: PredictionFormat;
  readonly output: string | undefined;
  readonly hasId: boolean;
}

/** Files on their way through a model. Nothing is read before what came of the rows before is written. */
class PredictionRun {
  readonly #predictor: Predictor;
  readonly #output: TextOutput;
  readonly #writer: PredictionWriter;
  #row = 0;
  #errors = 0;
  #isTold = false;

  constructor(predictor: Predictor, { format, output, hasId }: PredictionRunOptions) {
    this.#predictor = predictor;
    this.#output = new TextOutput(output);
    this.#writer = new PredictionWriter(format, ({ contributions = {} }) => ({
      ...(predictor.classes && { classes: predictor.classes }),
      ...{ hasId, hasInterval: predictor.classes === undefined },
      contributions: Object.keys(contributions),
    }));
  }

  get hasOnlyErrors(): boolean {
    return this.#errors > 0 && this.#errors === this.#row;
  }

  /** A line for people where rows have no prediction; empty where all have one. */
  get summary(): string {
    if (this.#errors === 0) return '';
    const rows = `${count(this.#errors)} of ${count(this.#row)} rows`;
    return `rivulet: ${rows} could not be predicted: the column error says why\n`;
  }

  async predict(files: readonly string[], options: ReadRowsOptions): Promise<void> {
    for (const file of files) {
      const input = file === '-' ? process.stdin : file;
      await readRows(input, options, (rows) => this.#take(rows));
    }
    await this.#output.write(this.#writer.end());
    await this.#output.close();
  }

  async #take(rows: readonly InputRow[]): Promise<void> {
    const examples = rows.flatMap((row) => ('example' in row ? [row.example] : []));
    const answers = examples.length === 0 ? [] : await this.#predictor.answer(examples);
    let next = 0;
    for (const row of rows) {
      const isRead = 'example' in row;
      const answer = isRead ? answers[next++]! : { error: row.rejection.reason };
      await this.#write(answer, isRead ? row.example : row.rejection);
    }
    // Whoever follows a pipe gets what is known, though more may come.
    await this.#output.flush();
  }

  #write(answer: Answer, { id }: Pick<Example, 'id'>): Promise<void> {
    this.#row += 1;
    if ('error' in answer) this.#errors += 1;
    else if (answer.prediction.unknown) this.#tell(answer.prediction.unknown);
    const row: PredictionRow = { row: this.#row, ...(id !== undefined && { id }), ...answer };
    return this.#output.write(this.#writer.add(row));
  }

  /** Once: the rows of one file have the same columns. */
  #tell({ names, known }: UnknownFeatures): void {
    if (this.#isTold) return;
    this.#isTold = true;
    const what =
      names.length === 1 ? `the feature ${names[0]}` : `the features ${names.join(', ')}`;
    const line = `the model does not know ${what}; it knows ${known.join(', ')}`;
    process.stderr.write(`rivulet: ${oneLine(line)}\n`);
  }
}
