import { SourceError } from '../../../sources/source-error.ts';
import type { TrainingModel } from '../../training/training-model.ts';

/** Why a training that has ended has learned nothing. */
export const nothingLearned = ({ source, rejections }: TrainingModel): SourceError => {
  const [first] = rejections.first;
  if (first === undefined) return new SourceError(`${source.name} has no row to learn from`);
  const many = `all ${rejections.count} rows were rejected`;
  return new SourceError(`${source.name}: ${many}; the first: ${first.reason}`);
};
