// Writes ROWS rows (a, target) to a file, as fast as it can, in pieces that end anywhere. Every few
// hundred rows it renames the file, as logrotate does, and all that were renamed before, at times while
// it continues to write to it: node rotating-writer.mjs PATH ROWS
import { closeSync, existsSync, openSync, renameSync, writeSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

const [path, rowCount] = [process.argv[2], Number(process.argv[3])];
const header = 'a,target\n';
const rowsBetween = [900, 40, 300, 1];

let file = openSync(path, 'a');
let unwritten = header;
let rotations = 0;

const write = (from, to) => {
  for (let row = from; row < to; row += 1) unwritten += `${row},${row % 2}\n`;
  const cut = Math.max(0, unwritten.length - 3);
  writeSync(file, unwritten.slice(0, cut));
  unwritten = unwritten.slice(cut);
};

const renameAll = () => {
  rotations += 1;
  for (let i = rotations; i > 0; i -= 1) {
    const older = i === 1 ? path : `${path}.${i - 1}`;
    if (existsSync(older)) renameSync(older, `${path}.${i}`);
  }
};

const reopen = () => {
  writeSync(file, unwritten);
  closeSync(file);
  file = openSync(path, 'a');
  unwritten = header;
};

for (let row = 0; row < rowCount; ) {
  const end = Math.min(rowCount, row + rowsBetween[rotations % rowsBetween.length]);
  write(row, end);
  row = end;
  if (row === rowCount) break;
  renameAll();
  if (rotations % 3 === 0) {
    await wait(30);
    write(row, Math.min(rowCount, row + 25));
    row = Math.min(rowCount, row + 25);
  }
  reopen();
  // Now several rotations between two looks, now several looks between two rotations.
  if (rotations % 10 === 0) await wait(450);
  else await wait(10);
}
writeSync(file, unwritten);
