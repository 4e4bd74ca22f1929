import { type Command, Option } from 'commander';

/** Gives a command the options that say what the columns of a source are. */
export const withColumnOptions = (command: Command): Command =>
  command
    .option('--time <name>', 'the column with the time of a row; it stays a feature')
    .option('--columns <name...>', 'use these columns alone as features')
    .option('--drop <name...>', 'leave these columns out')
    .option('--text <name...>', 'columns of categories, such as postal codes')
    .option('--number <name...>', 'columns of numbers; what is not a number is missing')
    .addOption(
      new Option('--decimal <mark>', 'the character before a fraction (default: inferred)').choices(
        ['.', ','],
      ),
    )
    .option('--missing <mark...>', 'more marks of a missing value, such as -200')
    .addOption(
      new Option('--date-order <order>', 'of dates such as 05/01/2026 (default: inferred)').choices(
        ['ymd', 'dmy', 'mdy'],
      ),
    );
