import { toName } from '../../text/to-name.ts';

const words: Readonly<Record<string, string>> = {
  unleak: 'unleak itself',
  replication: 'replication',
  background: "the server's own processes",
  superuser: 'superusers',
  provider: "the provider's own users",
  killScope: "users whose sessions unleak's login may not end",
  'missing-fact': 'a fact that the rule needs could not be read; when in doubt, it is left alone',
  listen: 'waiting for notifications (LISTEN)',
  'advisory-lock': 'holding an advisory lock',
  'table-lock': 'holding a lock on a table',
  xa: 'holding a branch of an XA transaction',
  'temporary-table': 'temporary tables, which end with the session',
  backup: 'dump and backup tools',
  migration: 'migration tools',
  'change-data-capture': 'change-data-capture tools',
  pooler: 'poolers and proxies, whose sessions are not leaks',
  policy: 'your own policy says so',
};

/** What a protection stands for, in words. */
export function protectionWords(protection: string | null): string {
  if (protection === null) return 'for no reason given';
  return Object.hasOwn(words, protection) ? (words[protection] ?? '') : toName(protection);
}
