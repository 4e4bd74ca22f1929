import { Command } from 'commander';
import { wallClock } from '../../threads/wall-clock.ts';
import { checkFolder, checkReport } from '../reports/folder-check.ts';
import { jsonLine } from '../terminal/printable.ts';

/** `rivulet check FOLDER`: whether each checkpoint of a folder can be resumed. */
export const checkCommand = (): Command =>
  new Command('check')
    .description(
      'read every checkpoint of a folder, restore its model, and let it learn a sample in memory',
    )
    .argument('<folder>', 'the folder of --checkpoint; a server may be using it')
    .option('--json', 'print the result as one JSON object')
    .addHelpText(
      'after',
      '\nExit code: 0 if every checkpoint is good, 1 if one is not, 2 if there is none.',
    )
    .action(check);

const check = async (folder: string, { json }: { readonly json?: boolean }): Promise<void> => {
  const checkpoints = await checkFolder(folder);
  const isBad = checkpoints.some(({ verdict }) => verdict === 'bad');
  process.stdout.write(
    json ? jsonLine({ folder, checkpoints }) : checkReport(checkpoints, wallClock.now()),
  );
  if (isBad) process.exitCode = 1;
};
