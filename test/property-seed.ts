import fc from 'fast-check';

/**
 * Properties are tried on the same random values in every run, so that a change alone can make a test
 * fail. PROPERTY_SEED tries others: a number, or `random`.
 */
const given = process.env['PROPERTY_SEED'] ?? '20261122';

if (given !== 'random') fc.configureGlobal({ seed: Number(given) });
