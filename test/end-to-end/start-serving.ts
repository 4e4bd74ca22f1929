import { endOf, startCli } from './run-cli.ts';

/** Starts `rivulet serve` on a free port; resolves with where it is. */
export const startServing = async (args: readonly string[], input = '') => {
  const child = startCli(['serve', '--port', '0', ...args]);
  child.stdin?.write(input);
  const end = endOf(child);
  const url = await new Promise<string>((resolve, reject) => {
    let said = '';
    const listen = (chunk: Buffer): void => {
      said += chunk.toString();
      // Its source may have an address too.
      const found = /^Rivulet (?:learns|serves) .*: (http:\/\/\S+)$/m.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    void end.then(({ stderr }) => reject(new Error(`it ended: ${stderr}`)));
  });
  return { child, url, end };
};
