#!/usr/bin/env node
import { commandLine } from './cli/program.ts';
import { endingOf } from './cli/terminal/misuse.ts';

// Whoever reads has had enough, as `| head` does: that is no failure.
process.stdout.on('error', () => process.exit(0));

try {
  await commandLine().parseAsync();
} catch (error) {
  const { exitCode, line } = endingOf(error);
  if (line !== undefined) process.stderr.write(`${line}\n`);
  process.exit(exitCode);
}
