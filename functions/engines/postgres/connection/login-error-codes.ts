import type { Meaning, Place } from './error-codes.ts';

const serverItself = 'Name the host and the port of the server itself';
const databaseOf = ({ database }: Place) => `"${database ?? 'postgres'}"`;

/** SQLSTATEs that mean something of their own when they end a login. */
const byState: Readonly<Record<string, Meaning>> = {
  '08P01': [
    'connect.pooler',
    () =>
      `what answers there is a connection pooler (PgBouncer and pgcat answer so): it does not take our settings, or knows no such database or user. ${serverItself}`,
  ],
  '0A000': [
    'connect.pooler',
    () => `what answers there takes no settings at login, as RDS Proxy and other poolers do. ${serverItself}`,
  ],
  '42501': [
    'connect.database_refused',
    (place) => `"${place.user}" may not connect to the database ${databaseOf(place)} (GRANT CONNECT)`,
  ],
  '55000': [
    'connect.database_refused',
    (place) =>
      `the database ${databaseOf(place)} takes no connections at all: it is a template, or is being dropped`,
  ],
  '42704': [
    'connect.unsupported_version',
    () => 'it does not know a setting that PostgreSQL has had since version 13',
  ],
  '58P01': [
    'connect.server_damaged',
    () =>
      'a file that a login needs is missing there: of the database, or a library that the server or our role loads (session_preload_libraries)',
  ],
  '25006': toTriggerMeaning('25006'),
};

/** 28000 by the server's function that refused, which no language changes; its wording is never looked at. */
const refusedBy: Readonly<Record<string, Meaning>> = {
  ClientAuthentication: [
    'connect.host_not_allowed',
    ({ user, tls }) =>
      `no line of its pg_hba.conf lets "${user}" in from this address ${tls === 'off' ? 'without TLS. Servers that demand TLS (hostssl, rds.force_ssl) answer so too, and `tls: off` is set here' : 'over TLS'}`,
  ],
  InitializeSessionUserId: [
    'credentials.login_refused',
    ({ user }) => `the role "${user}" may not log in (NOLOGIN), or does not exist`,
  ],
  auth_failed: [
    'credentials.login_refused',
    ({ user }) =>
      `it refused "${user}", who logs in by another method than a password (PAM, certificate, IAM)`,
  ],
};

const refusedSomehow: Meaning = [
  'credentials.login_refused',
  ({ user }) =>
    `it does not let "${user}" in from here, whatever the password: pg_hba.conf may have no line for it, TLS may be demanded, or the role may be NOLOGIN`,
];

/** What the server's error means when it ends a login; null where it means the same as in a statement. */
export function toLoginMeaning(state: string, error: unknown): Meaning | null {
  if (textOf(error, 'where') !== '') return toTriggerMeaning(state);
  if (state === '28000') return refusedBy[textOf(error, 'routine')] ?? refusedSomehow;
  return byState[state] ?? null;
}

/** Nothing of ours runs a function at login: what fails inside one is the database's own. */
function toTriggerMeaning(state: string): Meaning {
  const says = () =>
    `code of the database that runs at every login (an event trigger ON login) failed with SQLSTATE ${state}`;
  return ['connect.login_trigger', says];
}

function textOf(error: unknown, field: 'where' | 'routine'): string {
  const value: unknown =
    typeof error === 'object' && error !== null ? Object.getOwnPropertyDescriptor(error, field)?.value : '';
  return typeof value === 'string' ? value : '';
}
