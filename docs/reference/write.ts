import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { declare } from './declare.ts';
import { entriesOf, referenceOf } from './reference.ts';

const folder = mkdtempSync(join(tmpdir(), 'rivulet-reference-'));
const pages = resolve(import.meta.dirname, '../api');
declare(join(folder, 'dist'));
rmSync(pages, { recursive: true, force: true });
mkdirSync(pages);
for (const [file, text] of referenceOf(entriesOf(folder))) writeFileSync(join(pages, file), text);
rmSync(folder, { recursive: true });
