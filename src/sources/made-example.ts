import type { Example } from './example.ts';

/**
 * An example while a source makes it. It is of a class because many of them are alive at once, as a
 * batch: where V8 sees that of the first hundred objects of one literal, it makes all later ones among
 * its old objects, and there each of them keeps what it refers to until a full collection.
 */
export class MadeExample implements Example {
  readonly features: Example['features'];
  // Declared alone: a field that is not set is not there.
  declare target?: number | string | boolean;
  declare id?: string;
  declare line?: number;
  declare time?: number;
  declare weight?: number;

  constructor(features: Example['features']) {
    this.features = features;
  }
}
