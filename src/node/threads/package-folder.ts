import { existsSync } from 'node:fs';

/**
 * The folder of this package. It is looked for, because a module's own folder is another one where
 * the package is built than where it runs from its sources.
 */
export const packageFolder = (): URL => {
  let folder = new URL('../', import.meta.url);
  while (!existsSync(new URL('package.json', folder)) && folder.pathname !== '/') {
    folder = new URL('../../', folder);
  }
  return folder;
};
