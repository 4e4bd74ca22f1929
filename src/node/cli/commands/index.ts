import type { Command } from 'commander';
import { checkCommand } from './check.ts';
import { descendCommand } from './descend.ts';
import { evaluateCommand } from './evaluate.ts';
import { feedCommand } from './feed.ts';
import { inspectCommand } from './inspect.ts';
import { learnCommand } from './learn.ts';
import { predictCommand } from './predict.ts';
import { serveCommand } from './serve.ts';
import { watchCommand } from './watch.ts';

/** Every command, in the order of the help. */
export const commands: readonly (() => Command)[] = [
  serveCommand,
  watchCommand,
  learnCommand,
  evaluateCommand,
  predictCommand,
  inspectCommand,
  feedCommand,
  checkCommand,
  descendCommand,
];
