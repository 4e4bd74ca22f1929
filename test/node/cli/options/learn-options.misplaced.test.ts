import { Command } from 'commander';
import { expect, test } from 'vitest';
import {
  refuseMisplaced,
  withLearnOptions,
} from '../../../../src/node/cli/options/learn-options.ts';
import { Misuse } from '../../../../src/node/cli/terminal/misuse.ts';

const parsed = (words: readonly string[]): Command => {
  const command = withLearnOptions(new Command('learn')).argument('[source...]', '', ['digits']);
  command.exitOverride().action(() => {});
  return command.parse(words, { from: 'user' });
};

test.each([
  ['digits --topic x', '--topic is for a broker (mqtt://), not for digits'],
  ['--topic x', '--topic is for a broker (mqtt://), not for digits'],
  ['host --follow', '--follow is for a file, not for host'],
  ['rows.csv --when-full block', '--when-full is for a WebSocket (ws://), not for a file'],
  ['- --buffer 3', '--buffer is for a WebSocket (ws://), not for a file'],
  ['rows.csv --ahead 3', '--ahead is for host, not for a file'],
  [
    'http://u:secret@a/ --topic x',
    '--topic is for a broker (mqtt://), not for an address of http://',
  ],
  [
    'mqtts://a/b --when-full error',
    '--when-full is for a WebSocket (ws://), not for a broker (mqtt://)',
  ],
  ['a.csv digits --wait 3', /^--wait is for .*, not for a file$/],
  ['digits -t y', /^--target is for a file, .* or host, not for digits$/],
  ['host --time x', /^--time is for .* not for host$/],
])('%s is refused', (line, message) => {
  expect(() => parsed(line.split(' '))).toThrow(Misuse);
  expect(() => parsed(line.split(' '))).toThrow(message);
});

test.each([
  'rows.csv --follow --target y --id a --time b --rate 3 --task regression --samples 4 --seed 2',
  'mqtt://a --topic b c --wait 3 --target y',
  'ws://a --buffer 3 --when-full sample --wait 3',
  'host --target memory --ahead 1',
  'digits --learner pool --json',
  'ftp://a --topic b',
])('%s is not', (line) => {
  const command = parsed(line.split(' '));
  expect(() => refuseMisplaced(command)).not.toThrow();
});
