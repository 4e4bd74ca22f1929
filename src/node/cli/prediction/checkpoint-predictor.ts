import { stat } from 'node:fs/promises';
import type { NamedPrediction } from '../../../learn/named-prediction.ts';
import type { Pipeline } from '../../../pipeline.ts';
import type { Checkpoint } from '../../../snapshot/checkpoint.ts';
import type { Example } from '../../../sources/example.ts';
import { WrittenCells } from '../../../sources/written-cells.ts';
import { SampleError } from '../../../stream/rejection.ts';
import { newestCheckpoint, readCheckpoint } from '../../training/checkpoints/checkpoint-files.ts';
import { diskReason } from '../../training/checkpoints/disk-errors.ts';
import { isOfCommandLine, restored } from '../../training/restored.ts';
import { Misuse } from '../terminal/misuse.ts';
import type { Answer, Predictor } from './predictor.ts';

/** The checkpoint that a path names: the newest of a folder, or one file. Throws a Misuse where there is none. */
export const checkpointAt = async (path: string): Promise<Checkpoint> => {
  const checkpoint = await found(path);
  if (checkpoint === undefined) {
    throw new Misuse(
      `${path} has no checkpoint: make one with rivulet learn FILE --save ${path}, or serve --checkpoint`,
    );
  }
  if (isOfCommandLine(checkpoint)) return checkpoint;
  throw new Misuse(`${path} is of a model that a program made: only that program can restore it`);
};

const found = async (path: string): Promise<Checkpoint | undefined> => {
  let isFile: boolean;
  try {
    isFile = (await stat(path)).isFile();
  } catch (error) {
    throw new Misuse(`the model ${path} cannot be read: ${diskReason(error)}`);
  }
  if (isFile) return readCheckpoint(path);
  return (await newestCheckpoint(path))?.checkpoint;
};

/** A model of a checkpoint, which predicts and does not learn. */
export const checkpointPredictor = async (
  path: string,
  { explain }: { readonly explain: boolean },
): Promise<Predictor> => {
  const checkpoint = await checkpointAt(path);
  const { pipeline } = restored(checkpoint);
  if (explain && !pipeline.canExplain) {
    throw new Misuse(`${path}: this learner cannot tell what a feature contributes`);
  }
  const target = String(checkpoint.model['target'] ?? '');
  return {
    name: path,
    ...(target !== '' && { target }),
    // Its columns type every cell by what is written. A source of typed values has no such columns.
    ...(checkpoint.memory['preparation'] !== null && { written: new WrittenCells() }),
    classes: pipeline.classes,
    answer: async (examples) => examples.map((example) => answerOf(pipeline, example, explain)),
    close() {},
  };
};

const answerOf = (pipeline: Pipeline, example: Example, explain: boolean): Answer => {
  try {
    const prediction = pipeline.predict(example, { named: true });
    if (!explain) return { prediction };
    const outputs = pipeline.explain(example);
    return { prediction, contributions: outputs[outputOf(prediction, pipeline.classes)] ?? {} };
  } catch (error) {
    if (error instanceof SampleError) return { error: error.at(0, example).reason };
    throw error;
  }
};

/** The position of the output that a prediction stands for. */
export const outputOf = (
  prediction: NamedPrediction,
  classes: readonly string[] | undefined,
): number =>
  'probabilities' in prediction && classes ? classes.indexOf(prediction.label ?? '') : 0;
