import type { Row } from '../report.ts';
import { type Company, type Crowd, digitsWith } from './served-digits.ts';

const topics = ['cost', 'metrics', 'weights'];

/** How fast a training goes while a hundred watch. */
export const trainingWatched = (): Promise<{ rows: Row[]; ratio: number }> =>
  measured('100 watch at 10 Hz', { count: 100, maxHz: 10, reads: true, topics });

/** How fast it goes beside a thousand who never read. */
export const trainingBesideStalled = (): Promise<{ rows: Row[]; ratio: number }> =>
  measured('beside 1,000 who never read', { count: 1_000, maxHz: 30, reads: false, topics });

const measured = async (who: string, crowd: Crowd): Promise<{ rows: Row[]; ratio: number }> => {
  const company = await digitsWith(crowd);
  return { rows: rowsOf(who, company), ratio: company.ratio };
};

const rowsOf = (who: string, { alone, watched, turns, others }: Company): Row[] => [
  { what: `samples a second in a thread, without: ${who}`, value: alone },
  { what: `samples a second in a thread: ${who}`, value: watched },
  {
    what: `other programs meanwhile, part of a processor, at most (${turns} turns)`,
    value: others,
  },
];
