import { broadcaster } from '../../server/broadcaster.ts';
import { CheckpointFolder } from '../../training/checkpoints/checkpoint-folder.ts';
import type { Training } from '../../training/training.ts';
import { Misuse, oneLine } from '../terminal/misuse.ts';

/** The folder that `--save` names, locked until the model is in it. */
export class SavedModel {
  readonly #folder: CheckpointFolder;

  private constructor(folder: CheckpointFolder) {
    this.#folder = folder;
  }

  /**
   * Opens the folder, before anything is learned. Throws a Misuse where it has a checkpoint of before and
   * `beginAnew` is false: another model would take its place.
   */
  static async open(path: string, beginAnew: boolean): Promise<SavedModel> {
    const folder = await CheckpointFolder.open(path);
    const isTaken = !beginAnew && (await folder.newest().catch(() => true)) !== undefined;
    if (isTaken) {
      await folder.close();
      throw new Misuse(
        `${path} has a model already: choose another folder, or move its checkpoints aside with --begin-anew`,
      );
    }
    const old = beginAnew ? await folder.setAside() : undefined;
    if (old !== undefined) {
      process.stderr.write(`rivulet: ${oneLine(`the model that was there is in ${old} now`)}\n`);
    }
    return new SavedModel(folder);
  }

  /** Writes the model as it is. */
  async write(training: Training): Promise<void> {
    const captured = training.capture();
    if (captured === undefined) return;
    // Nobody has watched it: its history begins with this checkpoint.
    const { history } = broadcaster();
    await this.#folder.add({ ...captured, history, isFinal: true });
  }

  /** Gives the folder to the next process. */
  close(): Promise<void> {
    return this.#folder.close();
  }
}
