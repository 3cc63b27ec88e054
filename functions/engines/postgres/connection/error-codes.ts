import type { Tls } from '../../../contract/target.ts';
import type { FaultCode } from '../../../contract/fault-codes.ts';

/** Where we log in and as whom, as faults may tell it. */
export interface Place {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string | null;
  readonly tls: Tls;
}

/** A fault's code, and what a person reads after "The database at host:port could not be swept: ". */
export type Meaning = readonly [code: FaultCode, says: (place: Place) => string];

const refused: Meaning = [
  'credentials.login_refused',
  ({ user }) => `it refused the login of "${user}": the password is wrong, or has expired (VALID UNTIL)`,
];
const unreadable: Meaning = ['snapshot.failed', () => 'it holds text that it cannot convert to our encoding'];
/** A time limit of the server, the database or our role, which ours cannot precede where older servers have no such setting. */
const endedBy = (setting: string): Meaning => [
  'connect.time_limit',
  ({ user }) =>
    `its setting ${setting} ended our connection before unleak could switch it off. Raise it for unleak: ALTER ROLE "${user}" SET ${setting} = 0`,
];
const exhausted = (what: string): Meaning => ['snapshot.server_exhausted', () => what];
const broken: Meaning = [
  'snapshot.server_damaged',
  () => 'it cannot read or write files of its own. Read its log now',
];
const shuttingDown: Meaning = [
  'connect.shutting_down',
  () => 'it is shutting down, or an administrator ended our connection',
];

/** SQLSTATEs to what they mean for a person; wording is never looked at. */
export const errorCodes: Readonly<Record<string, Meaning>> = {
  '28P01': refused,
  '3D000': ['connect.unknown_database', ({ database }) => `it has no database "${database ?? 'postgres'}"`],
  '53300': [
    'connect.too_many_connections',
    ({ user }) =>
      `all slots are taken that "${user}" may use: of the server, or by the connection limit of the role or the database. On PostgreSQL 16 and newer, set reserved_connections and GRANT pg_use_reserved_connections to it`,
  ],
  '57P01': shuttingDown,
  '57P02': shuttingDown,
  '57P03': [
    'connect.shutting_down',
    () =>
      'it takes no connections now: it is starting, recovering or shutting down, or is a standby without hot_standby',
  ],
  '22021': unreadable,
  '22P05': unreadable,
  '25P03': endedBy('idle_in_transaction_session_timeout'),
  '25P04': endedBy('transaction_timeout'),
  '57P05': endedBy('idle_session_timeout'),
  '57P04': [
    'connect.unknown_database',
    ({ database }) => `its database "${database ?? 'postgres'}" was dropped`,
  ],
  '53000': exhausted('it has run out of something that it needs (SQLSTATE 53000)'),
  '53100': exhausted('its disk is full'),
  '53200': exhausted(
    'it has no shared memory or memory left. Often its table of locks is full: end the sessions that hold very many locks (advisory ones, too), or raise max_locks_per_transaction',
  ),
  '53400': exhausted('a limit of its own configuration is reached, such as temp_file_limit'),
  '54001': exhausted('its max_stack_depth is too small for our statement'),
  '58000': broken,
  '58030': broken,
  '58P01': broken,
  XX001: broken,
  XX002: broken,
  '57014': [
    'snapshot.statement_timeout',
    () => 'a statement took longer than its time limit, or somebody cancelled it',
  ],
  '55P03': ['snapshot.statement_timeout', () => 'a lock on a system catalog could not be had in time'],
  '42501': ['snapshot.privileges', ({ user }) => `"${user}" lacks a privilege that the statement needs`],
};
