import { existsSync } from 'node:fs';

/**
 * The folder of this package: the nearest one above this module with a `package.json`. How far that is
 * depends on whether the package runs from its sources or is built.
 */
export const packageFolder = (): URL => {
  let folder = new URL('./', import.meta.url);
  while (!existsSync(new URL('package.json', folder)) && folder.pathname !== '/') {
    folder = new URL('../', folder);
  }
  return folder;
};
