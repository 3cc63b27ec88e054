import type { Policy, SoftProtection } from '../../contract/policy.ts';
import { cleanText } from '../clean-text.ts';
import type { Session } from '../session.ts';
import type { Rights } from '../snapshot.ts';
import { compileMatcher, matchSession } from './matcher.ts';

/** The protections no configuration lifts. */
export type HardProtection =
  'unleak' | 'replication' | 'background' | 'superuser' | 'provider' | 'rights' | 'missing-fact';

/** A reason never to touch a session. */
export interface Protection {
  readonly name: HardProtection | SoftProtection | 'policy';
  readonly reason: string;
}

/** Asks every protection about a session; null when none speaks for it. */
export type ProtectionOf = (session: Session) => Protection | null;

const providerUsers: ReadonlySet<string> = new Set([
  'rdsadmin',
  'rdstopmgr',
  'rdsrepladmin',
  'rdsproxyadmin',
  'rdswriteforwarduser',
  'mariadb.sys',
  'event_scheduler',
  'system user',
]);

/** Tools by how their application name begins, in lower case; sources are the tools' own defaults. */
const tools: Readonly<Partial<Record<SoftProtection, readonly string[]>>> = {
  backup: [
    'pg_dump',
    'pg_restore',
    'pg_basebackup',
    'pg_receivewal',
    'pgbackrest',
    'barman',
    'wal-g',
    'mysqldump',
    'mysqlpump',
    'mysqlsh',
    'mydumper',
    'mariadb-dump',
    'mariadb-backup',
    'mariabackup',
    'xtrabackup',
  ],
  migration: [
    'flyway',
    'liquibase',
    'alembic',
    'sqitch',
    'pgroll',
    'pg_repack',
    'gh-ost',
    'pt-online-schema-change',
    'golang-migrate',
  ],
  'change-data-capture': [
    'debezium',
    'dms',
    'aws dms',
    'fivetran',
    'airbyte',
    'maxwell',
    'pglogical',
    'stitch',
    'peerdb',
    'flink',
  ],
  pooler: [
    'pgbouncer',
    'pgcat',
    'odyssey',
    'pgpool',
    'supavisor',
    'rdsproxy',
    'rds proxy',
    'proxysql',
    'maxscale',
    'postgres_fdw',
  ],
};

/**
 * Compiles a policy's protections: the hard ones always, the soft ones unless lifted, the policy's own. Where our login may end the
 * sessions of some users only, all others are beyond its rights.
 */
export function compileProtections(policy: Policy, rights: Rights | undefined): ProtectionOf {
  const own = policy.protect.map(({ matcher, reason }) => ({
    matcher: compileMatcher(matcher),
    reason: cleanText(reason),
  }));
  return (session) =>
    hard(session) ?? beyondRights(session, rights) ?? soft(session, policy.lift) ?? custom(session, own);
}

function hard(session: Session): Protection | null {
  if (session.kind === 'unleak') return { name: 'unleak', reason: 'a control connection of unleak' };
  if (session.kind === 'replication') return { name: 'replication', reason: 'a replication connection' };
  if (session.kind !== 'client') return { name: 'background', reason: 'a process of the server itself' };
  if (session.user === null) return missing('its user');
  if (isProvider(session.user))
    return {
      name: 'provider',
      reason: `${cleanText(session.user, 64)} belongs to the provider of the server`,
    };
  if (session.superuser === null) return missing('whether its user is a superuser');
  return session.superuser
    ? { name: 'superuser', reason: `${cleanText(session.user, 64)} is a superuser` }
    : null;
}

function beyondRights({ id, user }: Session, rights: Rights | undefined): Protection | null {
  if (rights === undefined || user === null) return null;
  const { users, butNot } = rights;
  if (!users.includes(user)) {
    const whose = users.length === 0 ? 'nobody' : `${cleanText(users.join(', '), 200)} only`;
    return { name: 'rights', reason: `our login may end sessions of ${whose}` };
  }
  if (!butNot.includes(id)) return null;
  const account = `another account named ${cleanText(user, 64)}`;
  return { name: 'rights', reason: `it may be of ${account}, whose sessions our login may not end` };
}

function missing(fact: string): Protection {
  return { name: 'missing-fact', reason: `${fact} could not be read, and doubt spares` };
}

function isProvider(user: string): boolean {
  return providerUsers.has(user.toLowerCase()) || user.toLowerCase().startsWith('mysql.');
}

function soft(session: Session, lifted: readonly SoftProtection[]): Protection | null {
  return atWorkWhileIdle(session, lifted) ?? tool(session, lifted);
}

/** What serves its purpose by doing nothing: it waits, or keeps something as it is. */
function atWorkWhileIdle(session: Session, lifted: readonly SoftProtection[]): Protection | null {
  if (session.listening && !lifted.includes('listen'))
    return { name: 'listen', reason: 'waits for notifications (LISTEN)' };
  if (session.backingUp && !lifted.includes('backup'))
    return { name: 'backup', reason: 'is in the midst of a backup' };
  if (!lifted.includes('advisory-lock') && session.advisoryLock !== false)
    return session.advisoryLock === null
      ? unreadable('advisory-lock', 'it holds an advisory lock')
      : { name: 'advisory-lock', reason: 'holds an advisory lock' };
  if (session.backingUp === null && !lifted.includes('backup'))
    return unreadable('backup', 'it is in the midst of a backup');
  return holding(session, lifted);
}

/** What ends with the session and cannot be had again: locks on tables, a prepared branch, temporary tables. */
function holding(session: Session, lifted: readonly SoftProtection[]): Protection | null {
  const held = [
    ['table-lock', session.tableLock, 'holds a lock on a table'],
    ['xa', session.xa, 'holds a branch of an XA transaction'],
    ['temporary-table', session.temporaryTable, 'has temporary tables'],
  ] as const;
  for (const [name, fact, reason] of held) {
    if (fact === false || lifted.includes(name)) continue;
    return fact ? { name, reason } : unreadable(name, `it ${reason}`);
  }
  return null;
}

function unreadable(name: SoftProtection, fact: string): Protection {
  return { name, reason: `whether ${fact} could not be read, and doubt spares` };
}

function tool(session: Session, lifted: readonly SoftProtection[]): Protection | null {
  const application = (session.application ?? '').toLowerCase();
  for (const [name, beginnings] of Object.entries(tools) as [SoftProtection, readonly string[]][]) {
    if (lifted.includes(name) || !beginnings.some((beginning) => application.startsWith(beginning))) continue;
    return { name, reason: `${cleanText(session.application ?? '', 64)} is a ${label[name]}` };
  }
  return null;
}

const label: Readonly<Record<SoftProtection, string>> = {
  listen: 'listener',
  'advisory-lock': 'lock holder',
  'table-lock': 'lock holder',
  xa: 'transaction manager',
  'temporary-table': 'holder of temporary tables',
  backup: 'backup tool',
  migration: 'migration tool',
  'change-data-capture': 'change-data-capture tool',
  pooler: 'pooler or proxy, whose sessions are not leaks',
};

interface OwnProtection {
  readonly matcher: ReturnType<typeof compileMatcher>;
  readonly reason: string;
}

/** How the reason of a doubt about a protection of the policy's own begins. */
export const ownDoubt = 'a field that `protect` asks for could not be read';

function custom(session: Session, own: readonly OwnProtection[]): Protection | null {
  for (const { matcher, reason } of own) {
    const match = matchSession(matcher, session);
    if (match === 'yes') return { name: 'policy', reason };
    if (match === 'unknown')
      return { name: 'missing-fact', reason: `${ownDoubt}, and doubt spares: ${reason}` };
  }
  return null;
}
