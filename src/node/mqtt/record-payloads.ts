import type { Example } from '../../sources/example.ts';
import { exampleFromRecord, type RecordOptions } from '../../sources/record.ts';
import { RecordTemplate } from '../../sources/record-template.ts';
