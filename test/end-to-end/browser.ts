import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const places = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/google-chrome'];

/** Where a Chromium is, if this machine has one. */
export const browserPath = places.find((place) => place !== undefined && existsSync(place));

/**
 * Whether tests that need a browser are left out: where there is none, which is said in one line.
 * In CI it must be there, so there they fail instead.
 */
export const isBrowserMissing = (): boolean => {
  const isLeftOut = browserPath === undefined && process.env['CI'] !== 'true';
  if (isLeftOut) process.stdout.write('no Chromium on this machine: the page is not tested\n');
  return isLeftOut;
};

/** A browser that asks nothing of the network. */
export const launchBrowser = (): Promise<Browser> => {
  if (browserPath === undefined) throw new Error('CI needs a Chromium: apt-get install chromium');
  return chromium.launch({
    executablePath: browserPath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
};
