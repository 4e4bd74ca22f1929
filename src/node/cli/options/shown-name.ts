import { basename } from 'node:path';
import type { Audience } from '../../../pipeline.ts';
import { sourceKind } from '../../sources/source-kind.ts';

/** What viewers are shown of a source: of a file its name without the folders of the server. */
export const shownName = (specs: readonly string[]): string =>
  specs.map((spec) => (isFile(spec) ? basename(spec) : spec)).join(', ');

/** An audience whose messages name files as the command did: an event may contain a whole path. */
export const withShownNames = (audience: Audience, specs: readonly string[]): Audience => {
  const files = specs.filter(isFile);
  const hidden = (text: string): string =>
    files.reduce((left, file) => left.replaceAll(file, basename(file)), text);
  return {
    publish: (snapshot, at) => audience.publish(snapshot, at),
    event: (event) => audience.event({ ...event, message: hidden(event.message) }),
    reject: (rejection) => audience.reject(rejection),
  };
};

const isFile = (spec: string): boolean => sourceKind([spec]) === 'file';
