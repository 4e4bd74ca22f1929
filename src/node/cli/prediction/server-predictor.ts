import { filter, firstValueFrom, map, merge, timer, withLatestFrom } from 'rxjs';
import type { Explained, Predicted, Welcome } from '../../../broadcast/server-messages.ts';
import type { Connection } from '../../../client/connect.ts';
import { ConnectionClosed } from '../../../client/connection-closed.ts';
import { RequestFailed } from '../../../client/questions.ts';
import { readRecord } from '../../../encode/record.ts';
import type { NamedPrediction } from '../../../learn/named-prediction.ts';
import type { Example } from '../../../sources/example.ts';
import { WrittenCells } from '../../../sources/written-cells.ts';
import { SampleError } from '../../../stream/rejection.ts';
import { connect } from '../../server/connect.ts';
import { timerMsMax } from '../../threads/wall-clock.ts';
import { Misuse } from '../terminal/misuse.ts';
import { outputOf } from './checkpoint-predictor.ts';
import type { Answer, Predictor } from './predictor.ts';

/** Options of requests to a server. */
export interface ServerPredictorOptions {
  readonly explain: boolean;
  /** Which model, where a server has several. Default: the first. */
  readonly model?: string;
  /** How long the server is waited for at first, in seconds: above 0. */
  readonly wait: number;
  /** The token that lets in. Default: none. */
  readonly token?: string;
}

/** Rows in one request, and characters of their JSON: servers take 256 rows and 1 MiB by default. */
const [rowsMax, charactersMax] = [128, 400_000];

/** A model that is served. It may learn meanwhile: each row is answered by the model of its moment. */
export const serverPredictor = async (
  url: URL,
  { explain, model, wait, token }: ServerPredictorOptions,
): Promise<Predictor> => {
  const connection = connect(url, {
    name: 'rivulet predict',
    ...(model && { model }),
    ...(token && { token }),
  });
  try {
    let welcome = await firstWelcome(connection, url, wait);
    connection.welcome.subscribe({ next: (news) => (welcome = news), error() {} });
    const { classes, outputs } = welcome.model;
    const written = new WrittenCells();
    // What it knows as numbers is sent as numbers, and all else as it is written: `007` is no 7.
    const { features = [] } = welcome.model;
    const isNumber = new Set(features.filter(({ kind }) => kind === 'number').map(nameOf));
    written.limitTo(new Set(features.map(nameOf).filter((name) => !isNumber.has(name))));
    const isClassification = classes !== undefined || (outputs ?? 1) > 1;
    return {
      ...{ name: url.href, written },
      get classes() {
        return isClassification ? (welcome.model.classes ?? []) : undefined;
      },
      answer: (examples) => answers(connection, examples, explain),
      close: () => connection.close(),
    };
  } catch (error) {
    connection.close();
    throw error;
  }
};

const nameOf = ({ name }: { readonly name: string }): string => name;

const firstWelcome = async (
  { welcome, state }: Connection,
  url: URL,
  wait: number,
): Promise<Welcome> => {
  const late = timer(Math.min(wait * 1_000, timerMsMax)).pipe(
    withLatestFrom(state),
    map(([, { reason }]): never => {
      throw new Misuse(`nothing at ${url.href} in ${wait} s: ${reason}`);
    }),
  );
  const over = state.pipe(
    filter(({ phase }) => phase === 'closed'),
    map(({ reason }): never => {
      throw new Misuse(`${url.href}: ${reason}`);
    }),
  );
  return firstValueFrom(merge(welcome, late, over));
};

const answers = async (
  connection: Connection,
  examples: readonly Example[],
  explain: boolean,
): Promise<readonly Answer[]> => {
  const all: Answer[] = [];
  for (const some of portions(examples)) all.push(...(await ask(connection, some, explain)));
  return all;
};

/** Rows that one request may carry. */
const portions = function* (examples: readonly Example[]): Generator<readonly Example[]> {
  let portion: Example[] = [];
  let characters = 0;
  for (const example of examples) {
    const length = JSON.stringify(example.features).length;
    if (portion.length === rowsMax || (portion.length > 0 && characters + length > charactersMax)) {
      yield portion;
      portion = [];
      characters = 0;
    }
    portion.push(example);
    characters += length;
  }
  if (portion.length > 0) yield portion;
};

/** Asks for some rows; where one of them is refused, or they are too many, for each half of them. */
const ask = async (
  connection: Connection,
  examples: readonly Example[],
  explain: boolean,
): Promise<readonly Answer[]> => {
  const bad = examples.findIndex((example) => faultOf(example) !== undefined);
  if (bad >= 0 && examples.length === 1) return [{ error: faultOf(examples[0]!)! }];
  if (bad < 0) {
    const answered = await askOnce(connection, examples, explain);
    if (answered !== undefined) return answered;
  }
  const half = examples.length >> 1;
  return [
    ...(await ask(connection, examples.slice(0, half), explain)),
    ...(await ask(connection, examples.slice(half), explain)),
  ];
};

/** Why a row is no record; JSON would make a missing value of a number that is not finite. */
const faultOf = (example: Example): string | undefined => {
  try {
    readRecord(example.features, { number() {}, text() {}, instant() {}, missing() {} });
    return undefined;
  } catch (error) {
    if (error instanceof SampleError) return error.at(0, example).reason;
    throw error;
  }
};

/** The answers; undefined if some of the rows need requests of their own. */
const askOnce = async (
  connection: Connection,
  examples: readonly Example[],
  explain: boolean,
): Promise<readonly Answer[] | undefined> => {
  const rows = examples.map(({ features }) => features);
  for (;;) {
    try {
      const predicted = await connection.predict(rows, { named: true });
      return paired(predicted, explain ? await connection.explain(rows) : undefined);
    } catch (error) {
      if (error instanceof ConnectionClosed) throw new Misuse(error.message);
      if (!(error instanceof RequestFailed)) throw error;
      if (error.retryMs !== undefined) await later(error.retryMs);
      else if (error.code !== 'shape' && error.code !== 'limit') throw new Misuse(error.message);
      else if (rows.length > 1) return undefined;
      else return [{ error: lineText(examples[0]!, error.message) }];
    }
  }
};

const lineText = ({ line }: Example, message: string): string =>
  line === undefined ? message : `line ${line}: ${message}`;

const paired = ({ named = [] }: Predicted, explained: Explained | undefined): Answer[] =>
  named.map((one, i) => {
    // null stands for what is not finite.
    const prediction = one as NamedPrediction;
    const outputs = explained?.contributions[i] as Readonly<Record<string, number>>[] | undefined;
    if (!outputs) return { prediction };
    return { prediction, contributions: outputs[outputOf(prediction, explained?.classes)] ?? {} };
  });

const later = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
