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
const ended: Meaning = [
  'connect.lost',
  () => 'it ended our connection by one of its own time limits for sessions or transactions',
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
  '25P03': ended,
  '25P04': ended,
  '57P05': ended,
  '57014': [
    'snapshot.statement_timeout',
    () => 'a statement took longer than its time limit, or somebody cancelled it',
  ],
  '55P03': ['snapshot.statement_timeout', () => 'a lock on a system catalog could not be had in time'],
  '42501': ['snapshot.privileges', ({ user }) => `"${user}" lacks a privilege that the statement needs`],
};
