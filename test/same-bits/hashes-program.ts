import { evaluationParts } from './evaluation-parts.ts';
import { learnerParts } from './learner-parts.ts';
import { mathParts } from './math-parts.ts';
import type { Parts } from './parts.ts';
import { streamParts } from './stream-parts.ts';

const parts: Parts = { ...mathParts, ...streamParts, ...learnerParts, ...evaluationParts };

/** One hash of the bits that each part computes: they must be the same in every engine. */
export const hashes = async (): Promise<Record<string, string>> => {
  const all: Record<string, string> = {};
  for (const [name, hash] of Object.entries(parts)) all[name] = await hash();
  return all;
};
