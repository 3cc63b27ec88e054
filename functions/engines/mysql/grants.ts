import { toMissing } from './snapshot/missing.ts';
import { inTime } from './terminate/no-such-id.ts';
import { quoteAccount } from './connection/privileges.ts';
import type { Variant } from './connection/server.ts';
import { ownProceduresOf, ownSchema, rdsProceduresOf } from './terminate/kill-methods.ts';

export { longestAccount } from './terminate/kill-methods.ts';

/** What the login may end: all sessions by KILL, all by RDS's procedures, or only those of these accounts. */
export type Ending = 'kill' | 'rds' | readonly string[];

/** The statements that make a least-privilege login for unleak, run once by root or RDS's master user. */
export function toGrants(
  variant: Variant,
  ending: Ending,
  account: string,
  password: string,
): readonly string[] {
  const to = quoteAccount(account);
  const lacking = toMissing({
    ...{ variant, account, mayEnd: ending !== 'kill' },
    ...{
      hasEvents: true,
      readsEvents: false,
      knowsPrograms: false,
      cutsPrograms: false,
      recordsStatements: true,
    },
    ...{ recordsTransactions: true, mayLackSessions: false },
    ...{ knowsLocks: true, hasLostLocks: false, knowsTemporaryTables: true, knowsBranches: true },
    ...{ knowsTransactions: true, knowsSuperusers: false },
    ...{ knowsWaits: true, isAnyoneSuperuser: false, knowsLimits: true },
  });
  return [
    ...(typeof ending === 'string' ? [] : ending.map((each) => `SHOW GRANTS FOR ${quoteAccount(each)}`)),
    `CREATE USER ${to} IDENTIFIED BY '${password.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`,
    `GRANT PROCESS ON *.* TO ${to}`,
    ...(ending === 'rds' ? rdsProcedures(variant, to) : []),
    ...(typeof ending === 'string' ? [] : ownProcedures(variant, ending, to)),
    ...lacking.flatMap(({ grant }) => grant.split('; ')),
  ];
}

function rdsProcedures(variant: Variant, to: string): string[] {
  const { kill, killQuery } = rdsProceduresOf(variant);
  return [kill, killQuery].map((name) => `GRANT EXECUTE ON PROCEDURE ${name} TO ${to}`);
}

/** KILL needs no privilege against sessions of one's own name: each procedure runs as the user whose sessions it ends. */
export function ownProcedures(variant: Variant, accounts: readonly string[], to: string): string[] {
  const pairs = accounts.flatMap((each) => {
    const { kill, killQuery } = ownProceduresOf(each);
    const definer = quoteAccount(each);
    return [
      [kill, ...killInTime('KILL')],
      [killQuery, ...(variant === 'mysql' ? killInTime('KILL QUERY') : killQueryById)],
    ].flatMap(([name, parameters, statement]) => [
      `CREATE DEFINER = ${definer} PROCEDURE ${name}(${parameters}) SQL SECURITY DEFINER ${statement}`,
      `GRANT EXECUTE ON PROCEDURE ${name} TO ${definer}`,
      `GRANT EXECUTE ON PROCEDURE ${name} TO ${to}`,
    ]);
  });
  return [`CREATE DATABASE IF NOT EXISTS ${ownSchema}`, ...pairs];
}

/** The parameters and the statement of a procedure that ends nobody once the last look is too old to be believed (decision 22). */
const killInTime = (kill: string) =>
  [
    'IN looked DATETIME(6), IN number BIGINT UNSIGNED, IN micros BIGINT',
    `${kill} ${inTime('number', 'looked', 'micros')}`,
  ] as const;

/** The number of a query is proof enough. */
const killQueryById = ['IN number BIGINT UNSIGNED', 'KILL QUERY ID number'] as const;

/** What else people have to know or decide about such a login. */
export function toAdvice(variant: Variant, ending: Ending): readonly string[] {
  return [
    ...(typeof ending === 'string' ? [] : aboutOwnProcedures[variant]),
    ...(variant === 'mysql' ? [] : aboutLocks),
  ];
}

const aboutAllOwnProcedures = [
  'Each account must exist: shop stands for shop@%. SHOW GRANTS comes first so that one that does not stops the script.',
  'Not for administrators: a user who may call such a procedure may end what its owner may end. And no one else may create',
  'procedures in the schema unleak: what it holds is called, with the rights of its definer.',
];

const aboutOwnProcedures: Readonly<Record<Variant, readonly string[]>> = {
  mysql: [
    'The host does not count: each pair ends the sessions of all accounts of that name.',
    ...aboutAllOwnProcedures,
  ],
  mariadb: [
    'Each account must be the one that sessions are logged in as, host and all; name each.',
    ...aboutAllOwnProcedures,
    'Where CREATE PROCEDURE is refused (error 1227, as on RDS), grant CREATE ROUTINE ON unleak.* to that account, run it as',
    'that account, without DEFINER = ..., and revoke the privilege.',
  ],
};

/** MariaDB as it is installed hides who holds a GET_LOCK. */
const aboutLocks = [
  'By default MariaDB hides who holds a GET_LOCK, and every session is spared as a possible holder. Then:',
  "INSTALL SONAME 'metadata_lock_info';",
  'Where that does not exist (error 1126, as on some builds of Debian), both of these in the configuration and a restart,',
  'since performance_schema does not record such locks by default:',
  'performance_schema = ON',
  "performance-schema-instrument = 'wait/lock/metadata/sql/mdl=ON'",
];
