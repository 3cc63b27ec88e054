import { toMissing } from './missing.ts';
import { quoteAccount } from './privileges.ts';
import type { Flavour } from './server.ts';

/** What makes the difference between servers that we administrate and RDS, where KILL is a procedure. */
export type Hosting = 'own' | 'rds';

/** The statements that make a least-privilege login for unleak, run once by root or RDS's master user. */
export function toGrants(
  flavour: Flavour,
  hosting: Hosting,
  account: string,
  password: string,
): readonly string[] {
  const to = quoteAccount(account);
  const lacking = toMissing({
    ...{ flavour, account, wayToEnd: hosting === 'rds' ? 'rds_kill' : null },
    ...{ hasEvents: true, readsEvents: false, recordsStatements: true },
    ...{ recordsTransactions: true, mayLackSessions: false },
    ...{ knowsUserLocks: true, knowsTransactions: true, knowsSuperusers: false },
    ...{ knowsWaits: true, isAnyoneSuperuser: false },
  });
  return [
    `CREATE USER ${to} IDENTIFIED BY '${password.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`,
    `GRANT PROCESS ON *.* TO ${to}`,
    ...(hosting === 'rds' ? rdsProcedures(flavour, to) : []),
    ...lacking.flatMap(({ grant }) => grant.split('; ')),
  ];
}

function rdsProcedures(flavour: Flavour, to: string): string[] {
  return ['rds_kill', flavour === 'mysql' ? 'rds_kill_query' : 'rds_kill_query_id'].map(
    (name) => `GRANT EXECUTE ON PROCEDURE mysql.${name} TO ${to}`,
  );
}

/** What else helps, for people to decide: MariaDB as it is installed hides who holds a GET_LOCK. */
export function toAdvice(flavour: Flavour): readonly string[] {
  if (flavour === 'mysql') return [];
  return [
    'Unless told to show them, MariaDB hides who holds a GET_LOCK, and every session is spared as a possible holder. Then:',
    "INSTALL SONAME 'metadata_lock_info';",
    'Where that does not exist (error 1126, as on some builds of Debian), both of these in the configuration and a restart,',
    'since performance_schema by itself does not record such locks:',
    'performance_schema = ON',
    "performance-schema-instrument = 'wait/lock/metadata/sql/mdl=ON'",
  ];
}
