import { readFileSync } from 'node:fs';
import { isLoopback } from '../../functions/contract/is-loopback.ts';
import type { Tls } from '../../functions/contract/target.ts';
import { expectedTls } from '../../functions/contract/tls.ts';
import { UsageError } from '../usage-error.ts';
import { isHarmless, whyRefused } from './url-parameters.ts';

type Mode = 'off' | 'verified' | 'by host';

/** The words of libpq, JDBC and the MySQL clients; whoever asks for TLS gets it verified, whatever the word promises. */
const modes: Readonly<Record<string, Mode>> = {
  disable: 'off',
  disabled: 'off',
  false: 'off',
  '0': 'off',
  // If possible: it always is, off loopback, or unleak says why not.
  allow: 'by host',
  prefer: 'by host',
  preferred: 'by host',
  require: 'verified',
  required: 'verified',
  true: 'verified',
  '1': 'verified',
  'verify-ca': 'verified',
  verify_ca: 'verified',
  'verify-full': 'verified',
  verify_identity: 'verified',
  '{"rejectunauthorized":true}': 'verified',
};
const modeNames: ReadonlySet<string> = new Set(['sslmode', 'ssl', 'usessl', 'requiressl', 'tls']);
const rootNames: ReadonlySet<string> = new Set(['sslrootcert', 'sslca', 'ssl_ca', 'ssl-ca']);
const loginNames: ReadonlySet<string> = new Set(['user', 'password']); // read elsewhere

/** How the server's certificate is verified: as the URL says, else by who the host is. */
export function toTls(parameters: URLSearchParams, host: string): Tls {
  let tls: Tls | null = null;
  let reason: string | null = null;
  let place = 0;
  for (const [name, value] of parameters) {
    place += 1;
    const plain = name.toLowerCase().replace(/[-_]/g, '');
    if (name === 'insecure') reason = value;
    else if (rootNames.has(name.toLowerCase())) tls = toRootTls(value, host);
    else if (modeNames.has(plain)) tls ??= toNamedTls(name, value) ?? toMode(name, value, host);
    else if (!isHarmless(name) && !loginNames.has(name))
      throw refuse(`does not use ${whyRefused(name, place)}`);
  }
  return judge(tls ?? defaultTls(host), reason, host);
}

/** In clear to another machine only where somebody says why. */
function judge(tls: Tls, reason: string | null, host: string): Tls {
  if (reason === null) {
    if (expectedTls(host, tls) === null) return tls;
    throw refuse(
      'sends no password in clear to another machine: leave tls=off or sslmode=disable out, or add insecure=WHY, which says why',
    );
  }
  if (tls !== 'off') throw refuse('wants insecure beside tls=off or sslmode=disable, and nowhere else');
  if (reason.trim() === '' || reason.length > 200)
    throw refuse('wants insecure to say why, in 1 to 200 characters');
  return { insecure: reason };
}

/** Nothing but the machine itself hears what is sent over loopback; RDS has authorities of its own. */
function defaultTls(host: string): Tls {
  return isLoopback(host) ? 'off' : verified(host);
}

function verified(host: string): Tls {
  return /\.rds\.amazonaws\.com(?:\.cn)?\.?$/i.test(host) ? 'rds' : 'system';
}

/** unleak's own words. */
function toNamedTls(name: string, value: string): Tls | null {
  if (name !== 'tls') return null;
  if (value === 'off' || value === 'rds' || value === 'system') return value;
  throw refuse('wants tls to be off, rds or system');
}

function toMode(name: string, value: string, host: string): Tls {
  const mode = modes[value.toLowerCase().replaceAll(' ', '')];
  if (!mode)
    throw refuse(
      `wants ${name} to say whether there is TLS: disable, or verify-full; unleak verifies every certificate`,
    );
  if (mode === 'by host') return defaultTls(host);
  return mode === 'off' ? 'off' : verified(host);
}

function toRootTls(file: string, host: string): Tls {
  if (file === 'system') return verified(host);
  try {
    const ca = readFileSync(file, 'utf8');
    if (ca.includes('-----BEGIN CERTIFICATE-----')) return { ca };
  } catch {
    // told below: a URL may hold secrets anywhere, so nothing of it is quoted
  }
  throw refuse('finds no certificates: sslrootcert names no readable file of certificates in PEM form');
}

function refuse(why: string): UsageError {
  return new UsageError(`The connection URL cannot be used: unleak ${why}.`);
}
