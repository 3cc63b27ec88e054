import type { FaultCode } from '../../../contract/fault-codes.ts';

/** What an error means for people. */
export type Meaning = readonly [code: FaultCode, message: string];

const refusedLogin: Meaning = [
  'credentials.login_refused',
  'The server refused the user name or the password. It answers the same where the account demands TLS or a certificate that it was not given.',
];
const noPassword: Meaning = [
  'credentials.login_refused',
  'The server refused the login: the account does not log in by a password but, for instance, by a socket of its own machine.',
];
const lockedAccount: Meaning = [
  'credentials.account_locked',
  'The account is locked (ALTER USER … ACCOUNT UNLOCK).',
];
const expiredPassword: Meaning = [
  'credentials.password_expired',
  'The password of the account has expired and must be changed.',
];
/** The server wants a way of logging in that is not ours. */
export const unsupportedMethod: Meaning = [
  'credentials.unsupported_method',
  'The account logs in by a method that unleak does not support. Supported are caching_sha2_password, sha256_password and mysql_native_password, and over TLS mysql_clear_password.',
];
const missingPlugin: Meaning = [
  'credentials.unsupported_method',
  'The server has no such plugin as the account logs in by: mysql_native_password is off in MySQL 8.4 and gone in 9.',
];
const hostRefused: Meaning = [
  'connect.host_not_allowed',
  'No account of the server lets anybody log in from this host.',
];
const hostBlocked: Meaning = [
  'connect.host_blocked',
  'The server has blocked this host after too many broken logins (FLUSH HOSTS, or TRUNCATE performance_schema.host_cache).',
];
const noDatabase: Meaning = [
  'connect.unknown_database',
  'The database does not exist, or our login may not use it.',
];
const full: Meaning = [
  'connect.too_many_connections',
  'The server is full: it takes no more connections. CONNECTION_ADMIN (MySQL) or CONNECTION ADMIN (MariaDB) gives our login the one extra slot.',
];
const ownLimit: Meaning = [
  'connect.too_many_connections',
  'Our login has reached a limit of its own account: of connections, or of logins or statements in an hour.',
];
const initConnect: Meaning = [
  'connect.login_trigger',
  'The server ended our login because its init_connect failed. Let our login run it, or grant it CONNECTION_ADMIN (MySQL) or CONNECTION ADMIN (MariaDB), for which it is skipped.',
];
const offline: Meaning = [
  'connect.offline_mode',
  'The server is in offline_mode: only logins with CONNECTION_ADMIN get in.',
];
/** Also at the login only: the server has another port for ordinary logins. */
export const adminPort: Meaning = [
  'connect.admin_port',
  "This is the server's administrative port (admin_port), which takes logins with SERVICE_CONNECTION_ADMIN only. Name its ordinary port.",
];
const closing: Meaning = ['connect.shutting_down', 'The server is shutting down.'];
/** Also what every fatal error without a number means. */
export const lost: Meaning = ['connect.lost', 'The server ended our connection.'];
const tlsRefused: Meaning = [
  'connect.tls_refused',
  'The server offers no TLS, so the password was not sent.',
];
const tlsFailed: Meaning = ['connect.tls_failed', 'TLS could not be agreed on with the server.'];
/** Also what the server's silence means. */
export const tooSlow: Meaning = [
  'snapshot.statement_timeout',
  'The server did not answer a statement of ours within its limit.',
];
const forbidden: Meaning = ['snapshot.privileges', 'Our login lacks a privilege that it needs.'];

const exhausted = (what: string): Meaning => ['snapshot.server_exhausted', `The server ${what}.`];
const memory = exhausted('has no memory left');
const disk = exhausted('has no room left on its disk');
const files = exhausted('may open no more files (open_files_limit)');
const damaged: Meaning = [
  'snapshot.server_damaged',
  'The server cannot read or write files of its own. Read its log now.',
];

/** Server errors by number, driver errors by code; wording is never looked at. */
export const errorCodes: Readonly<Record<string, Meaning>> = {
  1045: refusedLogin,
  1698: noPassword,
  3118: lockedAccount,
  4151: lockedAccount,
  1862: expiredPassword,
  1820: expiredPassword,
  1251: unsupportedMethod,
  1524: missingPlugin,
  AUTH_SWITCH_PLUGIN_ERROR: unsupportedMethod,
  MYSQL_CLEAR_PASSWORD_NOT_ENABLED: [
    'credentials.unsupported_method',
    'The account wants the password as it is (mysql_clear_password), which unleak sends over TLS only, and TLS is off for this target.',
  ],
  1184: initConnect,
  3032: offline,
  1129: hostBlocked,
  1130: hostRefused,
  1044: noDatabase,
  1049: noDatabase,
  1040: full,
  1203: ownLimit,
  1226: ownLimit,
  // Numbers below 1000 are those of the system calls of the server (mysys_err.h).
  1: damaged,
  2: damaged,
  3: damaged,
  5: memory,
  20: disk,
  23: files,
  24: files,
  28: disk,
  1021: disk,
  1026: damaged,
  1030: damaged,
  1037: memory,
  1038: memory,
  1041: memory,
  1114: exhausted('has no room left for a table of its own, in memory (tmp_table_size) or on its disk'),
  1135: exhausted(
    'can start no thread for another connection: it has no memory left, or its system allows no more',
  ),
  1206: exhausted('has no room left for locks (innodb_buffer_pool_size)'),
  1461: exhausted('takes no more prepared statements (max_prepared_stmt_count)'),
  4081: exhausted('reached its limit of memory for all connections (global_connection_memory_limit)'),
  4082: exhausted('reached its limit of memory for one connection (connection_memory_limit)'),
  3168: closing,
  3169: lost,
  1053: closing,
  1077: closing,
  1079: closing,
  3159: ['connect.tls_required', 'The server takes only TLS connections, and TLS is off for this target.'],
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
