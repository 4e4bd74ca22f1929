import type { Audience } from '../../pipeline.ts';
import type { ConnectionEventSink } from '../../sources/connection-event.ts';
import type { Governor } from '../../stream/governor.ts';
import type { Overflow } from '../../stream/waiting.ts';
import { openSource } from '../sources/open-source.ts';
import { Training, type TrainingSettings } from './training.ts';
import type { TrainingOptions } from './training-options.ts';

/** What a command adds to what the user said. */
export type TrainingExtras = Pick<
  TrainingSettings,
  'everyMs' | 'metrics' | 'fed' | 'resets' | 'resume' | 'replay'
> & {
  readonly passes?: number;
  readonly audience?: Audience;
  readonly governor?: Governor;
  /** Notified when a connection changes or a source restarts. Default: nobody. */
  readonly connections?: ConnectionEventSink | undefined;
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
        events: sourceEvents(() => training.model, extras),
        overflow: { next: (overflow) => announce(overflow, training, extras.audience) },
        ...(topic && { topics: topic }),
      }),
    settings,
  );
  return training;
};

/** Passes connection events on; the audience learns of a restart too, since rows may be lost by it. */
const sourceEvents = (
  model: () => Training['model'],
  { connections, audience }: Pick<TrainingExtras, 'connections' | 'audience'>,
): ConnectionEventSink => {
  return {
    next(event) {
      connections?.next(event);
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
