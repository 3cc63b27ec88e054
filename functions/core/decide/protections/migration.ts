import type { SoftCheck } from './protection.ts';
import { compileNameQuestion } from './tools/ask-name.ts';

/** Tools that change schemas, or tables from end to end, by name. */
export const migration: SoftCheck = {
  name: 'migration',
  ask: compileNameQuestion('migration', 'a migration tool'),
  spreadsTo: () => true,
};
