import type { MissingPrivilege } from '../../../core/model/snapshot.ts';
import { quoteAccount } from '../connection/privileges.ts';
import type { Variant } from '../connection/server.ts';

/** What our login lacks, each with the statement that gives it. */
export function toMissing(facts: MissingFacts): readonly MissingPrivilege[] {
  const to = `TO ${quoteAccount(facts.account)}`;
  return [
    ...(facts.mayEnd ? [] : [cannotEnd(facts.variant, to)]),
    ...(facts.variant === 'mysql' ? mysqlEvents(facts, to) : mariadbEvents(facts, to)),
    ...(facts.cutsPrograms ? [cutPrograms] : []),
    ...(facts.knowsTransactions ? [] : [staleTransactions]),
    ...(facts.knowsTransactions && !facts.knowsWaits ? [unknownWaits(facts, to)] : []),
    ...(facts.knowsTemporaryTables ? [] : [unknownTemporaryTables]),
    ...(facts.knowsBranches ? [] : [unknownBranches(facts.variant, to)]),
    ...(facts.knowsSuperusers ? [] : [superusers(facts.variant, to)]),
    ...(facts.knowsSuperusers && !facts.knowsLimits ? [unknownLimits(to)] : []),
    ...(facts.isAnyoneSuperuser ? [anyoneSuperuser] : []),
  ];
}

/** What a look found out about its own sight. */
export interface MissingFacts {
  readonly variant: Variant;
  readonly account: string;
  /** Whether there is anybody whose sessions our login may end. */
  readonly mayEnd: boolean;
  readonly hasEvents: boolean;
  readonly readsEvents: boolean;
  readonly knowsPrograms: boolean;
  /** Whether the server cut off somebody's. */
  readonly cutsPrograms: boolean;
  readonly recordsStatements: boolean;
  readonly recordsTransactions: boolean;
  readonly mayLackSessions: boolean;
  readonly knowsLocks: boolean;
  readonly knowsTemporaryTables: boolean;
  /** Whether the names of XA branches could be read, where there are any. */
  readonly knowsBranches: boolean;
  /** Whether they are recorded, and the record had no room for some. */
  readonly hasLostLocks: boolean;
  readonly knowsTransactions: boolean;
  readonly knowsWaits: boolean;
  readonly knowsSuperusers: boolean;
  readonly isAnyoneSuperuser: boolean;
  /** Whether users' own limits of connections could be read. */
  readonly knowsLimits: boolean;
}

function cannotEnd(variant: Variant, to: string): MissingPrivilege {
  const privilege = variant === 'mysql' ? 'CONNECTION_ADMIN' : 'CONNECTION ADMIN';
  return {
    prevents: 'ending',
    what: 'ending the sessions of others (where that cannot be granted, as on RDS, `npx unleak grants --for USER` prints what helps)',
    grant: `GRANT ${privilege} ON *.* ${to}`,
  };
}

function mysqlEvents(facts: MissingFacts, to: string): readonly MissingPrivilege[] {
  const what = 'how long sessions have been idle, so that none can be ended';
  if (!facts.hasEvents)
    return [{ prevents: 'seeing', what, grant: 'set performance_schema = ON at the start of the server' }];
  if (!facts.readsEvents)
    return [{ prevents: 'seeing', what, grant: `GRANT SELECT ON performance_schema.* ${to}` }];
  return [
    ...(facts.recordsStatements ? [] : [notRecorded(what)]),
    ...(facts.recordsTransactions ? [] : [transactionsNotRecorded]),
    ...(facts.mayLackSessions ? [noRoomForSessions] : []),
    ...(facts.knowsPrograms ? [] : [noProgramNames(facts, to)]),
    ...(facts.hasLostLocks ? [locksLost] : facts.knowsLocks ? [] : [locksNotRecorded]),
  ];
}

function notRecorded(what: string): MissingPrivilege {
  return {
    prevents: 'seeing',
    what,
    grant: `leave performance_schema_max_statement_classes at its default; UPDATE performance_schema.setup_instruments SET enabled = 'YES', timed = 'YES' WHERE name LIKE 'statement/%'; UPDATE performance_schema.setup_consumers SET enabled = 'YES' WHERE name IN ('global_instrumentation', 'thread_instrumentation', 'events_statements_current')`,
  };
}

const transactionsNotRecorded: MissingPrivilege = {
  prevents: 'seeing',
  what: 'which idle sessions have a transaction open, so that none can be ended',
  grant: `UPDATE performance_schema.setup_instruments SET enabled = 'YES', timed = 'YES' WHERE name = 'transaction'; UPDATE performance_schema.setup_consumers SET enabled = 'YES' WHERE name = 'events_transactions_current'`,
};

const noRoomForSessions: MissingPrivilege = {
  prevents: 'seeing',
  what: 'the sessions that performance_schema has or had no room for (Performance_schema_thread_instances_lost): they are not in this list, and are never ended',
  grant: 'raise performance_schema_max_thread_instances or set it to -1, and restart',
};

/** At the start only: locks taken before they were recorded are never shown, and their holders would look like anybody else. */
const locksNotRecorded: MissingPrivilege = {
  prevents: 'detail',
  what: 'which sessions hold a GET_LOCK, a lock on a table or the lock of a backup, so that all are spared unless the policy lifts advisory-lock, backup and table-lock',
  grant: `set performance-schema-instrument = 'wait/lock/metadata/sql/mdl=ON' at the start of the server, and performance_schema_max_metadata_locks = -1 (a smaller one may have had no room for a lock)`,
};

const locksLost: MissingPrivilege = {
  prevents: 'detail',
  what: 'which sessions hold a GET_LOCK or the lock of a backup, since performance_schema had no room for some (Performance_schema_metadata_lock_lost), so that all are spared unless the policy lifts both advisory-lock and backup',
  grant: 'end the sessions that hold most of the locks, and then, as an administrator, FLUSH STATUS',
};

/** The plugin works at once; where the server was built without it (error 1126), only its start can turn the locks on. */
const lockInfo =
  "INSTALL SONAME 'metadata_lock_info' or, where it does not exist (error 1126), performance-schema-instrument = 'wait/lock/metadata/sql/mdl=ON' beside performance_schema = ON at the start of the server";

function mariadbEvents(facts: MissingFacts, to: string): readonly MissingPrivilege[] {
  const locks = {
    ...locksNotRecorded,
    what: 'which sessions hold a GET_LOCK, a lock on a table or the lock of a backup, so that all are spared unless the policy lifts advisory-lock',
    grant: lockInfo,
  };
  return [
    ...(facts.knowsPrograms ? [] : [noProgramNames(facts, to)]),
    ...(facts.hasLostLocks && !facts.knowsLocks ? [locksLost] : facts.knowsLocks ? [] : [locks]),
  ];
}

function noProgramNames(facts: MissingFacts, to: string): MissingPrivilege {
  return {
    prevents: 'detail',
    what: `the program names of sessions, so that no rule can match or except an application, and ${
      facts.variant === 'mysql'
        ? 'all are spared as possible backup tools unless the policy lifts backup'
        : 'no backup tool is recognised by its name'
    }`,
    grant: facts.readsEvents
      ? 'set performance_schema_session_connect_attrs_size = 512 or more at the start of the server'
      : facts.hasEvents
        ? `GRANT SELECT ON performance_schema.* ${to}`
        : 'set performance_schema = ON at the start of the server',
  };
}

const cutPrograms: MissingPrivilege = {
  prevents: 'detail',
  what: 'the program names of sessions that gave more attributes than the server keeps, so that they are spared as possible backup tools',
  grant: 'raise performance_schema_session_connect_attrs_size at the start of the server',
};

const staleTransactions: MissingPrivilege = {
  prevents: 'detail',
  what: 'which transactions are open: something reads information_schema.innodb_trx so often that the server never renews it',
  grant: 'read information_schema.innodb_trx at most five times a second',
};

/** Where nothing records locks, it is the server that does not show whose they are, whatever our login may. */
function unknownWaits({ variant, knowsLocks, readsEvents }: MissingFacts, to: string): MissingPrivilege {
  const so = 'so that only those rules for blocking sessions match whose waiters the server names';
  if (!knowsLocks && (variant === 'mariadb' || readsEvents))
    return {
      prevents: 'detail',
      what: `for whom some sessions wait, ${so}: the server does not show who holds a lock by name, a lock on a table or the lock of a backup (no privilege changes that)`,
      grant: variant === 'mariadb' ? lockInfo : locksNotRecorded.grant,
    };
  return {
    prevents: 'detail',
    what: `for whom some sessions wait, ${so}: the server did not answer, or too many wait for it to answer in time`,
    grant: `${readsEvents ? '' : `GRANT SELECT ON performance_schema.* ${to}; `}with hundreds waiting, end the first of them by hand`,
  };
}

const unknownTemporaryTables: MissingPrivilege = {
  prevents: 'detail',
  what: 'which sessions have temporary tables, so that all are spared unless the policy lifts temporary-table: the server did not answer, or not in time',
  grant: 'GRANT PROCESS ON *.* to our login',
};

function unknownBranches(variant: Variant, to: string): MissingPrivilege {
  return {
    prevents: 'detail',
    what: 'the names of prepared branches of XA, and whether sessions still have them',
    grant:
      variant === 'mysql' ? `GRANT XA_RECOVER_ADMIN ON *.* ${to}` : 'ask the server why XA RECOVER fails',
  };
}

function unknownLimits(to: string): MissingPrivilege {
  return {
    prevents: 'detail',
    what: 'the limits of connections that users have of their own, so that a full one goes unnoticed',
    grant: `GRANT SELECT (User, max_user_connections) ON mysql.user ${to}`,
  };
}

const anyoneSuperuser: MissingPrivilege = {
  prevents: 'detail',
  what: 'which users are superusers, so that all sessions are spared: an account without a name (or PUBLIC) is a superuser, and any login may be it',
  grant: `DROP USER ''@'host', or revoke its global privileges`,
};

function superusers(variant: Variant, to: string): MissingPrivilege {
  const own = `GRANT SELECT (User, Host, Super_priv, max_user_connections) ON mysql.user ${to}`;
  const others = variant === 'mysql' ? ['mysql.global_grants', 'mysql.role_edges'] : ['mysql.roles_mapping'];
  return {
    prevents: 'detail',
    what: 'which users are superusers, so that all sessions are spared',
    grant: [own, ...others.map((table) => `GRANT SELECT ON ${table} ${to}`)].join('; '),
  };
}
