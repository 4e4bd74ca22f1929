import type { Predictions, Row, RowAnswers } from '../../broadcast/model.ts';
import type { Pipeline } from '../../pipeline.ts';
import { featuresOf, largest } from './row-features.ts';

/** What a pipeline answers to each question about rows: a new question is one more member here. */
export const rowQuestions: {
  readonly [Name in keyof RowAnswers]: (
    pipeline: Pipeline,
    rows: readonly Row[],
  ) => RowAnswers[Name];
} = {
  predict(pipeline, rows): Predictions {
    const y = rows.map((row) => pipeline.predict({ features: featuresOf(row, pipeline) }));
    const { classes, step } = pipeline;
    if (!classes) return { y, step };
    return { y, step, labels: y.map((outputs) => classes[largest(outputs)] ?? '') };
  },
};
