import { askFact, type SoftCheck, yes } from './protection.ts';
import { compileNameQuestion } from './tools/ask-name.ts';

/** How a backup takes its lock on MySQL and MariaDB; it may have to wait for it while its other connections rest. */
const takesLock =
  /^\s*(?:backup\s+(?:stage\s+(?!end\b)|lock\b)|flush\s+(?:(?:local|no_write_to_binlog)\s+)?tables?\s+with\s+read\s+lock|lock\s+instance\s+for\s+backup)/i;

const askName = compileNameQuestion('backup', 'a backup tool');

/** Backups, by a lock or statement of theirs or by the tool's name; a backup reads and copies on other connections than the one that locks. */
export const backup: SoftCheck = {
  name: 'backup',
  ask(session) {
    if (takesLock.test(session.statement ?? '')) return yes('takes the lock of a backup');
    const fact = askFact(session.backingUp, 'runs a backup');
    return fact?.answer === 'yes' ? fact : (askName(session) ?? fact);
  },
  spreadsTo: () => true,
};
