import type { Row } from '../report.ts';
import { type Company, digitsWith } from './served-digits.ts';

/** How fast a training goes while a hundred watch, and beside a thousand who never read. */
export const trainingInCompany = async (): Promise<{
  rows: Row[];
  watched: number;
  stalled: number;
}> => {
  const topics = ['cost', 'metrics', 'weights'];
  const watched = await digitsWith({ count: 100, maxHz: 10, reads: true, topics });
  const stalled = await digitsWith({ count: 1_000, maxHz: 30, reads: false, topics });
  return {
    rows: [
      ...rowsOf('100 watch at 10 Hz', watched),
      ...rowsOf('beside 1,000 who never read', stalled),
    ],
    watched: watched.ratio,
    stalled: stalled.ratio,
  };
};

const rowsOf = (who: string, { alone, watched, turns, others }: Company): Row[] => [
  { what: `samples a second in a thread, before: ${who}`, value: alone },
  { what: `samples a second in a thread: ${who}`, value: watched },
  {
    what: `other programs meanwhile, part of a processor, at most (${turns} turns)`,
    value: others,
  },
];
