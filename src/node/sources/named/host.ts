import { filter } from 'rxjs';
import { host as hostExamples } from '../host/host.ts';
import type { NamedSource } from './named-source.ts';

/** The sensors of this machine. */
export const host: NamedSource = {
  title: 'host',
  words: ['host'],
  options: ['target', 'ahead'],
  open: (_specs, { target, rate, ahead, governor }) => ({
    name: 'host',
    examples: hostExamples({
      ...(ahead && { aheadSeconds: ahead }),
      ...(target && { target }),
      ...(rate && { everyMs: 1000 / rate }),
    }).pipe(filter(() => !governor?.isPaused)),
    isTyped: true,
    isLive: true,
    isReplayable: false,
    task: 'regression',
  }),
};
