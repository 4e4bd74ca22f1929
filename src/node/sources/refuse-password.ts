import { SourceError } from '../../sources/source-error.ts';

/**
 * Throws a SourceError where an address has a password in it: what is typed on a command line can be
 * read by every user of the machine, and an address is shown. `instead` is where it belongs.
 */
export const refusePassword = (url: string, instead: string): void => {
  if (new URL(url).password === '') return;
  throw new SourceError(`a password does not belong in an address: use ${instead}`);
};
