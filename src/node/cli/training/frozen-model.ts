import ansis from 'ansis';
import { EMPTY, lastValueFrom } from 'rxjs';
import type { Broadcaster } from '../../../broadcast/broadcaster.ts';
import type { Model } from '../../../broadcast/model.ts';
import type { ServedModel } from '../../../broadcast/service.ts';
import { broadcaster } from '../../server/broadcaster.ts';
import { PipelineModel } from '../../training/pipeline-model.ts';
import { restored } from '../../training/restored.ts';
import { shownName } from '../options/shown-name.ts';
import { checkpointAt } from '../prediction/checkpoint-predictor.ts';
import { count } from '../terminal/figures.ts';
import { oneLine } from '../terminal/misuse.ts';

/** A model of a checkpoint that is served and does not learn. */
export interface FrozenModel extends ServedModel {
  readonly broadcaster: Broadcaster;
  readonly model: Model;
  /** The line that says where it is served. */
  readonly welcome: (url: string) => string;
}

/** The model of the newest checkpoint of a folder, as a server shows it. Throws a Misuse where there is none. */
export const frozenModel = async (path: string): Promise<FrozenModel> => {
  const checkpoint = await checkpointAt(path);
  const { pipeline } = restored(checkpoint);
  const answering = new PipelineModel(pipeline);
  const name = shownName(checkpoint.source.name.split(', '));
  const shown = broadcaster({
    description: () => ({
      source: { name, replayable: false, ended: 'the model is frozen' },
      frozen: true,
      ...answering.description,
    }),
  });
  // The state as it was saved: a run over nothing ends with one snapshot of it.
  const snapshot = await lastValueFrom(pipeline.run(EMPTY), { defaultValue: undefined });
  if (snapshot) shown.publish(snapshot);
  return {
    broadcaster: shown,
    // What is absent is refused: it takes no samples, and cannot be steered.
    model: {
      predict: (rows) => answering.predict(rows),
      ask: (question, rows) => answering.ask(question, rows),
    },
    welcome: (url) =>
      `${ansis.bold('Rivulet')} serves ${oneLine(path)}, frozen at step ${count(checkpoint.step)}: ${ansis.cyan(url)}\n`,
  };
};
