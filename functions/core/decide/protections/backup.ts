import { askFact, type SoftCheck } from './protection.ts';
import { compileNameQuestion } from './tools/ask-name.ts';

const askName = compileNameQuestion('backup', 'a backup tool');

/** Backups, by a lock or statement of theirs or by the tool's name; a backup reads and copies on other connections than the one that locks. */
export const backup: SoftCheck = {
  name: 'backup',
  ask(session) {
    const fact = askFact(session.backingUp, 'is in the midst of a backup');
    return fact?.answer === 'yes' ? fact : (askName(session) ?? fact);
  },
  spreadsTo: () => true,
};
