import type { SoftCheck } from './protection.ts';
import { compileNameQuestion } from './tools/ask-name.ts';

/** Tools that follow the changes of a database, by name; each of their connections has one. */
export const changeDataCapture: SoftCheck = {
  name: 'change-data-capture',
  ask: compileNameQuestion('change-data-capture', 'a change-data-capture tool'),
};
