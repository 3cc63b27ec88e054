import { type SoftCheck, yes } from './protection.ts';
import { compileNameQuestion } from './tools/ask-name.ts';

const askName = compileNameQuestion('listen', 'a program that waits for notifications (LISTEN)');

/**
 * Who waits for notifications: by its last statement, or by its name where that statement no longer shows it. It does not spread: one
 * listener says nothing about the other connections of an application.
 */
export const listen: SoftCheck = {
  name: 'listen',
  ask: (session) => (session.listening ? yes('waits for notifications (LISTEN)') : askName(session)),
};
