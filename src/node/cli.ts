#!/usr/bin/env node
import { endingOf } from './command-line/misuse.ts';
import { program } from './command-line/program.ts';

// Whoever reads has had enough, as `| head` does: that is no failure.
process.stdout.on('error', () => process.exit(0));

try {
  await program().parseAsync();
} catch (error) {
  const { exitCode, line } = endingOf(error);
  if (line !== undefined) process.stderr.write(`${line}\n`);
  process.exit(exitCode);
}
