import type { MissingPrivilege } from '../../core/snapshot.ts';
import { Fault } from '../../core/faults.ts';
import { nobody } from './nobody.ts';
import type { Flavour } from './server.ts';
import { errnoOf } from './to-fault.ts';
import type { Row, Wire } from './wire.ts';

/** How sessions are ended here: by KILL, by RDS's procedures, or not at all. */
export type WayToEnd = 'kill' | 'rds_kill' | null;

/** Errors that say that our login may not, or that the server has no such thing. */
const denied: ReadonlySet<number> = new Set([1044, 1142, 1143, 1227, 1370, 1109, 1146, 1305]);
const noSuchThread = 1094;

/** The rows, or null when our login may not read them; other errors reject. */
export async function askIfAllowed(wire: Wire, sql: string): Promise<readonly Row[] | null> {
  try {
    return await wire.ask(sql);
  } catch (error) {
    if (denied.has(errnoOf(error) ?? 0)) return null;
    throw error;
  }
}

/** KILL where our login has the privilege, directly or by a role; else RDS's procedure, if there is one that we may call. */
export async function findWayToEnd(wire: Wire): Promise<WayToEnd> {
  if (hasGlobal(await wire.ask('SHOW GRANTS'), endingPrivileges)) return 'kill';
  return (await mayCallRdsKill(wire)) ? 'rds_kill' : null;
}

const endingPrivileges = ['CONNECTION_ADMIN', 'CONNECTION ADMIN', 'SUPER', 'ALL PRIVILEGES'];

/** Whether SHOW GRANTS, which lists what active roles give as well, names one of the privileges on everything. */
export function hasGlobal(rows: readonly Row[], wanted: readonly string[]): boolean {
  const lists = rows.flatMap(
    (row) => /^GRANT (.+?) ON \*\.\* TO /.exec(Object.values(row)[0] ?? '')?.[1] ?? [],
  );
  return lists.some((list) => list.split(/,\s*/).some((privilege) => wanted.includes(privilege)));
}

// A number that no connection has: the call ends nothing and answers 1094, or 1370 or 1305 where it is not for us.
async function mayCallRdsKill(wire: Wire): Promise<boolean> {
  try {
    await wire.ask(`CALL mysql.rds_kill(${nobody})`);
    return true;
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === null) throw error;
    return errno === noSuchThread;
  }
}

/** CURRENT_USER() as GRANT wants it: `o'neil@%` becomes `'o''neil'@'%'`. */
export function quoteAccount(account: string): string {
  const at = account.lastIndexOf('@');
  return [account.slice(0, at), account.slice(at + 1)].map(quote).join('@');
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}

/** The fault of a login that sees only its own sessions. */
export function cannotSee(account: string, cause: unknown): Fault {
  return new Fault({
    kind: 'Snapshot',
    code: 'snapshot.privileges',
    step: 'look',
    actor: 'dba',
    message: `Our login may not see the sessions of others. Grant it: GRANT PROCESS ON *.* TO ${quoteAccount(account)};`,
    cause,
  });
}

/** What our login lacks, each with the statement that gives it. */
export function toMissing(facts: MissingFacts): readonly MissingPrivilege[] {
  const to = `TO ${quoteAccount(facts.account)}`;
  return [
    ...(facts.wayToEnd === null ? [cannotEnd(facts.flavour, to)] : []),
    ...(facts.flavour === 'mysql' ? mysqlEvents(facts, to) : mariadbEvents(facts, to)),
    ...(facts.knowsTransactions ? [] : [staleTransactions]),
    ...(facts.knowsSuperusers ? [] : [superusers(facts.flavour, to)]),
  ];
}

/** What a look found out about its own sight. */
export interface MissingFacts {
  readonly flavour: Flavour;
  readonly account: string;
  readonly wayToEnd: WayToEnd;
  readonly hasEvents: boolean;
  readonly readsEvents: boolean;
  readonly recordsStatements: boolean;
  readonly knowsUserLocks: boolean;
  readonly knowsTransactions: boolean;
  readonly knowsSuperusers: boolean;
}

function cannotEnd(flavour: Flavour, to: string): MissingPrivilege {
  const privilege = flavour === 'mysql' ? 'CONNECTION_ADMIN' : 'CONNECTION ADMIN';
  return {
    prevents: 'ending',
    what: 'ending the sessions of others',
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
    ...(facts.knowsUserLocks ? [] : [locksNotRecorded]),
  ];
}

function notRecorded(what: string): MissingPrivilege {
  return {
    prevents: 'seeing',
    what,
    grant: `UPDATE performance_schema.setup_instruments SET enabled = 'YES', timed = 'YES' WHERE name LIKE 'statement/%'; UPDATE performance_schema.setup_consumers SET enabled = 'YES' WHERE name IN ('global_instrumentation', 'thread_instrumentation', 'events_statements_current')`,
  };
}

const locksNotRecorded: MissingPrivilege = {
  prevents: 'detail',
  what: 'which sessions hold a GET_LOCK, so that all are spared unless the policy lifts advisory-lock',
  grant: `UPDATE performance_schema.setup_instruments SET enabled = 'YES' WHERE name = 'wait/lock/metadata/sql/mdl'`,
};

function mariadbEvents(facts: MissingFacts, to: string): readonly MissingPrivilege[] {
  const locks = { ...locksNotRecorded, grant: `INSTALL SONAME 'metadata_lock_info'` };
  return [
    ...(facts.readsEvents ? [] : [noProgramNames(facts, to)]),
    ...(facts.knowsUserLocks ? [] : [locks]),
  ];
}

function noProgramNames(facts: MissingFacts, to: string): MissingPrivilege {
  return {
    prevents: 'detail',
    what: 'the program names of sessions, so that no rule can match or except an application',
    grant: facts.hasEvents
      ? `GRANT SELECT ON performance_schema.* ${to}`
      : 'set performance_schema = ON at the start of the server',
  };
}

const staleTransactions: MissingPrivilege = {
  prevents: 'detail',
  what: 'which transactions are open: something reads information_schema.innodb_trx so often that the server never renews it',
  grant: 'read information_schema.innodb_trx at most five times a second',
};

function superusers(flavour: Flavour, to: string): MissingPrivilege {
  const own = `GRANT SELECT (User, Host, Super_priv, max_user_connections) ON mysql.user ${to}`;
  const others = flavour === 'mysql' ? ['mysql.global_grants', 'mysql.role_edges'] : ['mysql.roles_mapping'];
  return {
    prevents: 'detail',
    what: 'which users are superusers, so that all sessions are spared',
    grant: [own, ...others.map((table) => `GRANT SELECT ON ${table} ${to}`)].join('; '),
  };
}
