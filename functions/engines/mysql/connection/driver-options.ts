import type { ConnectionOptions } from 'mysql2';
import { isIP, type Socket, connect as connectSocket } from 'node:net';
import type { Login } from '../../engine.ts';
import { toTlsOptions } from '../../tls.ts';
import { ownProgram } from './own-sessions.ts';

/** What the driver is told: discrete options, no connection string, nothing that a hostile server could turn against us. */
export function toDriverOptions(login: Login): ConnectionOptions {
  return {
    host: login.host,
    port: login.port,
    user: login.user,
    password: login.password,
    ...(login.database === null ? {} : { database: login.database }),
    ...toSsl(login),
    connectTimeout: 0, // ours covers more than the driver's
    // Checking and ending a session must be one packet; every value in it is digits or hexadecimal.
    multipleStatements: true,
    // No LOCAL INFILE: a hostile server could ask for any file. FOUND_ROWS and IGNORE_SPACE would change what SQL means.
    flags: ['-LOCAL_FILES', '-FOUND_ROWS', '-IGNORE_SPACE', '-ODBC'],
    // Over verified TLS the server may have the password as it is, which PAM, LDAP and IAM ask for.
    enableCleartextPlugin: toTlsOptions(login.tls, login.host) !== null,
    // The driver otherwise compiles a program out of the names of columns, which are the server's.
    disableEval: true,
    charset: 'utf8mb4',
    connectAttributes: { program_name: ownProgram },
  };
}

function toSsl({ tls, host }: Login): Pick<ConnectionOptions, 'ssl'> {
  const options = toTlsOptions(tls, host);
  if (options === null) return {};
  const { ca } = options;
  // Without verifyIdentity the driver verifies the certificate but not the name in it.
  const ssl = { rejectUnauthorized: true, verifyIdentity: true, minVersion: 'TLSv1.2' };
  return { ssl: ca === undefined ? ssl : { ...ssl, ca: toPem(ca) } };
}

function toPem(ca: unknown): string | string[] {
  if (Array.isArray(ca)) return ca.map(String);
  return String(ca);
}

/** Opens the socket that the driver will use, so that we can cut it: the driver only half closes its own. */
export function openSocket(host: string, port: number): Socket {
  const socket = connectSocket({ host, port, noDelay: true, keepAlive: true });
  // The driver names no server when the host is an address; Node then verifies the socket's own `_host`, and where that
  // is missing too, "localhost": a certificate for localhost would pass for any address.
  return isIP(host) ? Object.assign(socket, { _host: host }) : socket;
}
