import { sourceKind } from '../../sources/source-kind.ts';
import type { TrainingOptions } from '../../training/training-options.ts';

/** What is said where checkpoints are written, but a broker has no session to send again from. */
export const sessionNotice = (
  specs: readonly string[],
  { clientId, qos, checkpoint }: TrainingOptions & { readonly checkpoint?: string },
): string | undefined => {
  if (sourceKind(specs) !== 'broker' || checkpoint === undefined) return undefined;
  if (clientId !== undefined && qos !== 0) return undefined;
  const way = clientId === undefined ? '--client-id NAME' : '--qos 1';
  return `messages learned after the last checkpoint are lost by a crash; with ${way} the broker keeps them`;
};
