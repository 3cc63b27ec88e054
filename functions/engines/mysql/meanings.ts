import type { Actor, FaultKind } from '../../core/faults.ts';

/** What an error means for people. */
export type Meaning = readonly [kind: FaultKind, code: string, actor: Actor, message: string];

const refusedLogin: Meaning = [
  'Credentials',
  'credentials.login_refused',
  'operator',
  'The server refused the user name or the password.',
];
const lockedAccount: Meaning = [
  'Credentials',
  'credentials.login_refused',
  'dba',
  'The server refused the login: the account is locked or its password has expired.',
];
const hostRefused: Meaning = [
  'Connect',
  'connect.host_not_allowed',
  'dba',
  'The server does not let this host log in: it is blocked after failed attempts, or no account allows it.',
];
const noDatabase: Meaning = [
  'Connect',
  'connect.unknown_database',
  'operator',
  'The database does not exist, or our login may not use it.',
];
const full: Meaning = [
  'Connect',
  'connect.too_many_connections',
  'dba',
  'The server is full, or our login has reached its own limit: it takes no more connections. CONNECTION_ADMIN (MySQL) or CONNECTION ADMIN (MariaDB) gives our login the one extra slot.',
];
const closing: Meaning = ['Connect', 'connect.shutting_down', 'dba', 'The server is shutting down.'];
/** Also what every fatal error without a number means. */
export const lost: Meaning = ['Connect', 'connect.lost', 'operator', 'The server ended our connection.'];
const tlsRefused: Meaning = [
  'Connect',
  'connect.tls_refused',
  'dba',
  'The server offers no TLS, so the password was not sent.',
];
const tlsFailed: Meaning = [
  'Connect',
  'connect.tls_failed',
  'operator',
  'TLS could not be agreed on with the server.',
];
/** Also what the server's silence means. */
export const tooSlow: Meaning = [
  'Snapshot',
  'snapshot.statement_timeout',
  'dba',
  'The server did not answer a statement of ours within its limit.',
];
const forbidden: Meaning = [
  'Snapshot',
  'snapshot.privileges',
  'dba',
  'Our login lacks a privilege that it needs.',
];

/** Server errors by number, driver errors by code; wording is never looked at. */
export const meanings: Readonly<Record<string, Meaning>> = {
  1045: refusedLogin,
  1698: refusedLogin,
  3118: lockedAccount,
  4151: lockedAccount,
  1862: lockedAccount,
  1820: lockedAccount,
  1129: hostRefused,
  1130: hostRefused,
  1044: noDatabase,
  1049: noDatabase,
  1040: full,
  1203: full,
  1226: full,
  1053: closing,
  1077: closing,
  1079: closing,
  3159: [
    'Connect',
    'connect.tls_required',
    'operator',
    'The server takes only TLS connections, and TLS is off for this target.',
  ],
  3024: tooSlow,
  1969: tooSlow,
  1317: tooSlow,
  1205: tooSlow,
  1227: forbidden,
  1142: forbidden,
  1143: forbidden,
  1370: forbidden,
  1158: lost,
  1159: lost,
  1160: lost,
  1161: lost,
  1927: lost,
  4031: lost,
  PROTOCOL_CONNECTION_LOST: lost,
  HANDSHAKE_NO_SSL_SUPPORT: tlsRefused,
  HANDSHAKE_SSL_ERROR: tlsFailed,
};
