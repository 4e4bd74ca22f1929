import { Command } from 'commander';
import { ConnectionClosed } from '../../../client/connection-closed.ts';
import { defaultServer, serverUrl } from '../options/server-url.ts';
import { Misuse } from '../terminal/misuse.ts';
import { endSignal } from '../terminal/signals.ts';
import { watch } from '../terminal/watch.ts';

/** `rivulet watch [URL]`: a model that is served, in the terminal. */
export const watchCommand = (): Command =>
  new Command('watch')
    .description('watch a model that is served, in the terminal')
    .argument('[url]', 'where it is served', defaultServer)
    .option('--model <name>', 'which one, where a server has several')
    .option('--json', 'one line of JSON for each cost message')
    .addHelpText('after', '\nA token is read from the environment variable RIVULET_TOKEN.')
    .action(watchServer);

const watchServer = async (
  url: string,
  { model, json }: { model?: string; json?: boolean },
): Promise<void> => {
  const end = new AbortController();
  void endSignal().then(() => end.abort());
  const token = process.env['RIVULET_TOKEN'];
  try {
    await watch(serverUrl(url), {
      signal: end.signal,
      ...(json && { json }),
      ...(model && { model }),
      ...(token && { token }),
    });
  } catch (error) {
    if (!(error instanceof ConnectionClosed)) throw error;
    throw new Misuse(`${url}: ${error.message}`);
  }
};
