import type { Broadcaster } from '../../../broadcast/broadcaster.ts';
import type { Durability } from '../../../broadcast/durability.ts';
import type { Model } from '../../../broadcast/model.ts';
import type { Checkpoint } from '../../../snapshot/checkpoint.ts';
import type { FoundCheckpoint } from '../../training/checkpoints/checkpoint-files.ts';
import { CheckpointFolder } from '../../training/checkpoints/checkpoint-folder.ts';
import { Checkpointer } from '../../training/checkpoints/checkpointer.ts';
import { FeedLog } from '../../training/feed-log/feed-log.ts';
import type { LoggedBatch } from '../../training/feed-log/frame.ts';
import { type LoggableModel, LoggedModel } from '../../training/feed-log/logged-model.ts';
import { checkResume, type Wanted } from '../../training/resume.ts';
import type { TrainingModel } from '../../training/training-model.ts';
import { shownName } from '../options/shown-name.ts';
import { Misuse, oneLine } from '../terminal/misuse.ts';

/** The checkpoints that the command line asks for. */
export interface KeptCheckpointsOptions extends Wanted {
  /** The path of the folder. Absent: none are kept. */
  readonly checkpoint?: string;
  /** Seconds between two. */
  readonly checkpointEvery?: number;
  /** Whether the checkpoints that are there are moved aside, for a new epoch. Default false. */
  readonly beginAnew?: boolean;
  /** Whether what is fed is logged; `sync`: on the disk before it is answered. Default: it is not. */
  readonly logFed?: true | 'sync';
  /** MiB of the log. Default 64. */
  readonly logFedMax?: number;
}

/** The checkpoints of a training that is served: the one that it resumes from, and those to come. */
export class KeptCheckpoints {
  /** The checkpoint to resume from; absent if there is none. */
  readonly from: Checkpoint | undefined;
  /** Batches of the log that are to be learned again. */
  readonly replay: readonly LoggedBatch[];
  readonly #folder: CheckpointFolder;
  readonly #refused: readonly string[];
  #checkpointer: Checkpointer | undefined;
  #start = (): void => {};
  readonly #started = new Promise<void>((resolve) => {
    this.#start = resolve;
  });

  readonly #log: FeedLog;
  readonly #options: KeptCheckpointsOptions;

  private constructor(
    folder: CheckpointFolder,
    options: KeptCheckpointsOptions,
    found?: FoundCheckpoint,
  ) {
    const { logFed } = options;
    this.#folder = folder;
    this.#options = options;
    this.#log = new FeedLog(folder.path, { isSynced: logFed === 'sync' });
    const { batches, missing } = this.#log.read(found?.checkpoint.fed?.batches ?? 0);
    this.replay = batches;
    // What was logged after it is learned again: it is not the last of its history.
    const isFinal = found?.checkpoint.isFinal === true && batches.length === 0;
    this.from = found && { ...found.checkpoint, isFinal };
    this.#refused = [...(found?.refused ?? []), ...missing];
  }

  /** Throws a CheckpointError if there is a checkpoint that cannot be resumed. */
  static async open(options: KeptCheckpointsOptions): Promise<KeptCheckpoints | undefined> {
    const { checkpoint: path, checkpointEvery, beginAnew, logFed, logFedMax, ...wanted } = options;
    if (logFedMax !== undefined && logFed === undefined) {
      throw new Misuse('--log-fed-max needs --log-fed');
    }
    if (path === undefined) {
      if (checkpointEvery !== undefined) throw needsFolder('--checkpoint-every');
      if (logFed !== undefined) throw needsFolder('--log-fed');
      if (beginAnew) throw needsFolder('--begin-anew');
      return undefined;
    }
    const folder = await CheckpointFolder.open(path);
    if (beginAnew) await setAside(folder);
    const found = await folder.newest();
    if (found) checkResume(found.checkpoint.model, wanted);
    return new KeptCheckpoints(folder, options, found);
  }

  /** The model as it is served: with a log of what it is fed, where one is wanted. */
  logging(model: LoggableModel, shown: Pick<Broadcaster, 'event' | 'step'>): Model {
    const { logFed, logFedMax = 64 } = this.#options;
    if (logFed === undefined) return model;
    return new LoggedModel(model, {
      log: this.#log,
      saved: () => this.saved(),
      failed: (message) => shown.event({ kind: 'error', step: shown.step, message }),
      bytesMax: logFedMax * 1_048_576,
      hasCheckpoint: this.from !== undefined,
    });
  }

  /**
   * Begins to write checkpoints of this training, which runs already. Resolves when it may be served: from
   * then on the checkpoint that it resumed from is no longer the last of its history.
   */
  async start(training: TrainingModel, shown: Broadcaster, everySeconds: number): Promise<void> {
    const everyMs = 1_000 * everySeconds;
    this.#checkpointer = new Checkpointer({
      ...{ folder: this.#folder, shown, everyMs },
      capture: () => {
        this.#log.cut();
        return training.capture();
      },
      written: ({ fed }) => this.#log.drop(fed?.batches ?? 0),
    });
    this.#start();
    const step = this.from?.step ?? 0;
    for (const line of this.#refused) {
      process.stderr.write(`rivulet: ${oneLine(line)}\n`);
      shown.event({ kind: 'error', step, message: line });
    }
    if (!this.from) return;
    this.#tellOtherSource(this.from, training.source.name, shown);
    if (this.from.isFinal) await this.saved();
    shown.event({
      kind: 'checkpoint',
      step,
      message: `resumed from the checkpoint of step ${step}`,
    });
  }

  /** Reports that the model resumes with another source: on purpose, or because two models share one folder. */
  #tellOtherSource({ source, step }: Checkpoint, now: string, shown: Broadcaster): void {
    if (source.name === now) return;
    const message = `the checkpoint is of a model of ${source.name}; it learns ${now} from now on`;
    process.stderr.write(`rivulet: ${oneLine(message)}\n`);
    const [before, after] = [source.name, now].map((one) => shownName(one.split(', ')));
    const told = `the checkpoint is of a model of ${before}; it learns ${after} from now on`;
    shown.event({ kind: 'checkpoint', step, message: told });
  }

  /** Done when a checkpoint contains all that has been learned. */
  async saved(): Promise<void> {
    // A training begins before its checkpoints do.
    await this.#started;
    await this.#checkpointer!.saved();
  }

  /** How well they are written; undefined before {@link start}. */
  get durability(): Durability | undefined {
    return this.#checkpointer;
  }

  /** Writes the last one. Where it cannot be written, the process ends with code 1 and says why. */
  async close(): Promise<void> {
    try {
      await this.#checkpointer?.close();
    } catch (error) {
      const reason = this.#checkpointer?.failure ?? (error as Error).message;
      const line = `the last checkpoint could not be written: ${reason}`;
      process.stderr.write(`rivulet: ${oneLine(line)}\n`);
      process.exitCode ||= 1;
    }
  }
}

const setAside = async (folder: CheckpointFolder): Promise<void> => {
  const path = await folder.setAside();
  if (path === undefined) return;
  const line = `the checkpoints that were there are in ${path} now: this is a new epoch`;
  process.stderr.write(`rivulet: ${oneLine(line)}\n`);
};

const needsFolder = (option: string): Misuse =>
  new Misuse(`${option} needs --checkpoint and a folder`);
