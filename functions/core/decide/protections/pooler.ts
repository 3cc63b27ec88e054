import type { SoftCheck } from './protection.ts';
import { compileNameQuestion } from './tools/ask-name.ts';

/** Poolers, proxies and other servers, by name: their sessions rest on purpose. */
export const pooler: SoftCheck = {
  name: 'pooler',
  ask: compileNameQuestion('pooler', 'a pooler or proxy, whose sessions are not leaks'),
};
