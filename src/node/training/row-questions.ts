import type {
  Explanations,
  NamedPredictions,
  Predictions,
  Row,
  RowAnswers,
} from '../../broadcast/model.ts';
import { RequestError } from '../../broadcast/request-error.ts';
import type { Pipeline } from '../../pipeline.ts';
import { recordOf } from './row-features.ts';

/** What a pipeline answers to each question about rows: a new question is one more member here. */
export const rowQuestions: {
  readonly [Name in keyof RowAnswers]: (
    pipeline: Pipeline,
    rows: readonly Row[],
  ) => RowAnswers[Name];
} = {
  predict(pipeline, rows): Predictions {
    const y = rows.map((row) => pipeline.predict({ features: recordOf(row, pipeline) }));
    const { classes, step } = pipeline;
    if (!classes) return { y, step };
    return { y, step, labels: y.map((outputs) => classes[pipeline.decide(outputs)] ?? '') };
  },

  named(pipeline, rows): NamedPredictions {
    const named = rows.map((row) =>
      pipeline.predict({ features: recordOf(row, pipeline) }, { named: true }),
    );
    return { ...rowQuestions.predict(pipeline, rows), named };
  },

  explain(pipeline, rows): Explanations {
    if (!pipeline.canExplain) {
      throw new RequestError('unsupported', 'this learner cannot tell what a feature contributes');
    }
    const contributions = rows.map((row) =>
      pipeline.explain({ features: recordOf(row, pipeline) }),
    );
    const { classes, step } = pipeline;
    return { contributions, step, ...(classes && { classes: [...classes] }) };
  },
};
