import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { packageFolder } from '../threads/package-folder.ts';
import { commands } from './commands/index.ts';
import { oneLine } from './terminal/misuse.ts';

/** The command line `rivulet` with all its commands. */
export const commandLine = (): Command => {
  const root = withOneLineErrors(new Command('rivulet'))
    .description('A neural network that learns from a stream, while you watch.')
    .version(version(), '-V, --version')
    .helpCommand(false)
    .showHelpAfterError(false)
    .addHelpText('after', examples);
  for (const make of commands) root.addCommand(withOneLineErrors(make()));
  return root;
};

/** Commander leaves the process by itself, and says some errors in two lines. */
const withOneLineErrors = (command: Command): Command =>
  command.exitOverride().configureOutput({
    outputError: (text, write) =>
      write(`rivulet: ${oneLine(text.replace(/^error: /, '').trim())}\n`),
  });

const version = (): string => {
  const manifest: unknown = JSON.parse(
    readFileSync(new URL('package.json', packageFolder()), 'utf8'),
  );
  return (manifest as { version: string }).version;
};

const examples = `
Examples:
  rivulet serve                        learn the digits, and show how on http://127.0.0.1:8080
  rivulet serve host --target memory   predict this machine's memory, two seconds ahead
  rivulet evaluate prices.csv.gz --target price
  tail -f log.ndjson | rivulet learn - --target latency --task regression
`;
