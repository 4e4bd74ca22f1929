import { SourceError } from '../../../sources/source-error.ts';
import type { ShownTraining } from '../../training/shown-training.ts';

/** Why a training that has ended has learned nothing. */
export const nothingLearned = ({ source, rejections }: ShownTraining): SourceError => {
  const [first] = rejections.first;
  if (first === undefined) return new SourceError(`${source.name} has no row to learn from`);
  const many = `all ${rejections.count} rows were rejected`;
  return new SourceError(`${source.name}: ${many}; the first: ${first.reason}`);
};
