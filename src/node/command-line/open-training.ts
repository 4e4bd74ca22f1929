import type { Audience } from '../../pipeline.ts';
import type { ConnectionEventSink } from '../../sources/connection-event.ts';
import type { Governor } from '../../stream/governor.ts';
import type { Overflow } from '../../stream/waiting.ts';
import { openSource } from '../training/open-source.ts';
import { Training, type TrainingSettings } from '../training/training.ts';
import { connectionLines } from './connection-lines.ts';
import type { TrainingOptions } from './training-options.ts';

/** What a command adds to what the user said. */
export type TrainingExtras = Pick<
  TrainingSettings,
  'everyMs' | 'metrics' | 'fed' | 'resets' | 'resume' | 'replay'
> & {
  readonly passes?: number;
  readonly audience?: Audience;
  readonly governor?: Governor;
  /** Done when a checkpoint contains what was learned. Default: there are none. */
  readonly kept?: () => Promise<unknown>;
};

/** The training that the command line asks for. It begins when its snapshots are subscribed to. */
export const openTraining = (
  specs: readonly string[],
  { topic, wait, buffer, whenFull, ...options }: TrainingOptions,
  extras: TrainingExtras,
): Training => {
  const settings = { ...options, ...extras };
  const training: Training = new Training(
    (surroundings) =>
      openSource(specs, {
        ...settings,
        ...surroundings,
        waitMs: wait * 1000,
        size: buffer,
        policy: whenFull,
        events: sourceEvents(() => training.model, extras.audience),
        overflow: { next: (overflow) => announce(overflow, training, extras.audience) },
        ...(topic && { topics: topic }),
      }),
    settings,
  );
  return training;
};

/** Each is a line on standard error; that rows may be lost is shown to the audience too. */
const sourceEvents = (
  model: () => Training['model'],
  audience: Audience | undefined,
): ConnectionEventSink => {
  const lines = connectionLines(process.stderr);
  return {
    next(event) {
      lines.next(event);
      if (event.kind !== 'restarted') return;
      const { message, lostBytes = 0 } = event;
      const step = model()?.pipeline.step ?? 0;
      audience?.event({ kind: 'error', step, message, detail: { lostBytes } });
    },
  };
};

const announce = (
  { kind, dropped }: Overflow,
  { model }: Training,
  audience: Audience | undefined,
): void => {
  const message =
    kind === 'began'
      ? 'samples come faster than they are learned: some are left out'
      : `the learner keeps up again; ${dropped} samples were left out so far`;
  const step = model?.pipeline.step ?? 0;
  audience?.event({ kind: 'overload', step, message, detail: { dropped } });
};
