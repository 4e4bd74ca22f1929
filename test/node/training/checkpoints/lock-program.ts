import { FolderLock } from '../../../../src/node/training/checkpoints/folder-lock.ts';

// A process that takes the lock of a folder and holds it until its standard input ends.
const [, , path = '', waitMs = '0'] = process.argv;

try {
  const lock = await FolderLock.acquire(path, { waitMs: Number(waitMs) });
  process.stdout.write('held\n');
  process.stdin.on('end', () => void lock.release().then(() => process.exit(0)));
  process.stdin.resume();
} catch (error) {
  process.stdout.write(`${(error as Error).message}\n`);
  process.exitCode = 2;
}
