import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whether Debian's mosquitto is here. In CI it must be. */
export const hasMosquitto = (): boolean => {
  try {
    execFileSync('mosquitto', ['-h'], { stdio: 'ignore' });
  } catch (error) {
    // It prints its help with exit code 1 or 3; only a missing program has a code of the system.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      if (process.env['CI'] === 'true') throw new Error('mosquitto is not installed');
      return false;
    }
  }
  return true;
};

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });

/** A broker of its own for a test, which can be stopped and started again with what it kept. */
export class Mosquitto {
  readonly url: string;
  readonly #folder: string;
  #child: ChildProcess | undefined;

  private constructor(port: number, settings: string) {
    this.url = `mqtt://127.0.0.1:${port}`;
    this.#folder = mkdtempSync(join(tmpdir(), 'rivulet-mosquitto-'));
    const lines = [
      `listener ${port} 127.0.0.1`,
      // Run by root it would become another, who may not write into the folder.
      'user root',
      'persistence true',
      `persistence_location ${this.#folder}/`,
      'max_queued_messages 0',
      settings,
    ];
    writeFileSync(join(this.#folder, 'mosquitto.conf'), `${lines.join('\n')}\n`);
  }

  /** A broker that runs. `settings` are lines of its configuration file. */
  static async start(settings = 'allow_anonymous true'): Promise<Mosquitto> {
    const broker = new Mosquitto(await freePort(), settings);
    await broker.start();
    return broker;
  }

  /** Writes a file that its configuration can name. */
  static file(name: string, content: string): string {
    const path = join(mkdtempSync(join(tmpdir(), 'rivulet-mosquitto-')), name);
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  }

  /** Starts it, and waits until it takes connections. */
  async start(): Promise<void> {
    const args = ['-c', join(this.#folder, 'mosquitto.conf')];
    this.#child = spawn('mosquitto', args, { stdio: 'ignore' });
    const port = Number(new URL(this.url).port);
    while (!(await accepts(port))) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  /** Stops it as a restart of the machine would: it keeps what it had. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null) return;
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await exited;
  }

  /** Stops it for good. */
  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
