import { TLSSocket } from 'node:tls';
import { Fault, type FaultKind, type Actor, type Step } from '../../core/faults.ts';
import type { Login } from '../engine.ts';
import { errorCode, toNetworkFault } from '../network-fault.ts';
import { WaitEnded } from './wire.ts';

type Meaning = readonly [kind: FaultKind, code: string, actor: Actor, message: string];

const refusedLogin: Meaning = [
  'Credentials',
  'credentials.login_refused',
  'operator',
  'The server refused the user name or the password in the secret.',
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
const lost: Meaning = ['Connect', 'connect.lost', 'operator', 'The server ended our connection.'];
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
const tooSlow: Meaning = [
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
const meanings: Readonly<Record<string, Meaning>> = {
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

/** The number of a server's error; null for errors of the driver, the network or our own. */
export function errnoOf(error: unknown): number | null {
  if (typeof error !== 'object' || error === null || !('errno' in error)) return null;
  return typeof error.errno === 'number' && error.errno > 0 ? error.errno : null;
}

/** Why TLS failed, by Node's code: the driver overwrites it, but the socket remembers; empty when it was not the certificate. */
export function tlsCodeOf(connection: object): string {
  const stream = 'stream' in connection ? connection.stream : null;
  // Typed as an Error, but Node keeps the code there.
  const refusal: unknown = stream instanceof TLSSocket ? stream.authorizationError : null;
  return typeof refusal === 'string' ? refusal : errorCode(refusal);
}

/** A fault of the step `connect`; `tlsCode` is what `tlsCodeOf` found. */
export function toConnectFault(error: unknown, { host, port }: Login, tlsCode: string): Fault {
  if (error instanceof WaitEnded && error.why === 'deadline') return toFault(error, 'connect');
  const code = error instanceof WaitEnded ? 'ETIMEDOUT' : errorCode(error);
  const reason = code === 'HANDSHAKE_SSL_ERROR' && tlsCode !== '' ? tlsCode : code;
  const network = toNetworkFault({ code: reason }, host, port);
  if (network === null) return toFault(error, 'connect');
  const { kind, step, actor, message } = network;
  return new Fault({ kind, code: network.code, step, actor, message, cause: error });
}

/** What a failed statement or a wait that did not end means; the driver's own text goes no further than the cause. */
export function toFault(error: unknown, step: Step): Fault {
  if (error instanceof Fault) return error;
  if (error instanceof WaitEnded && error.why === 'deadline') return outOfTime(error, step);
  const [kind, code, actor, message] = meaningOf(error, step);
  return new Fault({ kind, code, step, actor, message, cause: error });
}

function meaningOf(error: unknown, step: Step): Meaning {
  if (error instanceof WaitEnded) return tooSlow;
  const errno = errnoOf(error);
  const known = meanings[errno === null ? errorCode(error) : String(errno)];
  if (known) return known;
  if (errno === null && isFatal(error)) return lost;
  const what = errno === null ? 'an error that it gives no number' : `error ${errno}`;
  return step === 'connect'
    ? ['Connect', 'connect.failed', 'operator', `The server refused the connection with ${what}.`]
    : ['Snapshot', 'snapshot.failed', 'dba', `The server answered a statement of ours with ${what}.`];
}

function isFatal(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'fatal' in error && error.fatal === true;
}

function outOfTime(error: unknown, step: Step): Fault {
  return new Fault({
    kind: 'Deadline',
    code: 'deadline.exceeded',
    step,
    actor: 'operator',
    message: 'The time for this sweep was up while we waited for the database.',
    cause: error,
  });
}
