import type { Durability } from '../../broadcast/durability.ts';
import type { Checkpoint } from '../../snapshot/checkpoint.ts';
import { CheckpointFolder } from '../checkpoints/checkpoint-folder.ts';
import { Checkpointer } from '../checkpoints/checkpointer.ts';
import { checkResume, type Wanted } from '../training/resume.ts';
import { Misuse, oneLine } from './misuse.ts';
import type { ServedTraining } from './served-training.ts';

/** The checkpoints that the command line asks for. */
export interface KeptCheckpointsOptions extends Wanted {
  /** The path of the folder. Absent: none are kept. */
  readonly checkpoint?: string;
  /** Seconds between two. */
  readonly checkpointEvery?: number;
}

/** The checkpoints of a training that is served: the one that it goes on with, and those to come. */
export class KeptCheckpoints {
  /** Where to go on; absent where there has been none. */
  readonly from: Checkpoint | undefined;
  readonly #folder: CheckpointFolder;
  readonly #refused: readonly string[];
  #checkpointer: Checkpointer | undefined;
  #start = (): void => {};
  readonly #started = new Promise<void>((resolve) => {
    this.#start = resolve;
  });

  private constructor(
    folder: CheckpointFolder,
    from?: Checkpoint,
    refused: readonly string[] = [],
  ) {
    this.#folder = folder;
    this.from = from;
    this.#refused = refused;
  }

  /** Throws a CheckpointError where there is something that cannot be gone on with. */
  static async open({
    checkpoint: path,
    checkpointEvery,
    ...wanted
  }: KeptCheckpointsOptions): Promise<KeptCheckpoints | undefined> {
    if (path === undefined) {
      if (checkpointEvery === undefined) return undefined;
      throw new Misuse('--checkpoint-every needs --checkpoint and a folder');
    }
    const folder = await CheckpointFolder.open(path);
    const found = await folder.newest();
    if (found) checkResume(found.checkpoint.model, wanted);
    return new KeptCheckpoints(folder, found?.checkpoint, found?.refused);
  }

  /**
   * Begins to keep checkpoints of this training, which runs already. Done when it may be shown: from
   * then on the checkpoint that it goes on with is no longer the last of its history.
   */
  async start({ shown, capture }: ServedTraining, everySeconds: number): Promise<void> {
    const everyMs = 1_000 * everySeconds;
    this.#checkpointer = new Checkpointer({ folder: this.#folder, shown, capture, everyMs });
    this.#start();
    const step = this.from?.step ?? 0;
    for (const line of this.#refused) {
      process.stderr.write(`rivulet: ${oneLine(line)}\n`);
      shown.event({ kind: 'error', step, message: line });
    }
    if (!this.from) return;
    if (this.from.isFinal) await this.saved();
    shown.event({
      kind: 'checkpoint',
      step,
      message: `goes on from the checkpoint of step ${step}`,
    });
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
