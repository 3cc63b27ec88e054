import { readFileSync } from 'node:fs';
import type { Tls } from '../../functions/contract/target.ts';
import { UsageError } from '../usage-error.ts';
import { isLoopback } from './is-loopback.ts';

/** The words of libpq and the MySQL clients; whoever asks for TLS gets it verified, whatever the word promises. */
const modes: Readonly<Record<string, 'off' | 'verified'>> = {
  disable: 'off',
  disabled: 'off',
  false: 'off',
  '0': 'off',
  require: 'verified',
  required: 'verified',
  true: 'verified',
  '1': 'verified',
  'verify-ca': 'verified',
  verify_ca: 'verified',
  'verify-full': 'verified',
  verify_identity: 'verified',
};
const modeNames: ReadonlySet<string> = new Set(['sslmode', 'ssl-mode', 'ssl']);
const known = 'tls, sslmode, ssl-mode, ssl, sslrootcert';

/** How the server's certificate is verified: as the URL says, else by who the host is. */
export function toTls(parameters: URLSearchParams, host: string): Tls {
  let tls: Tls | null = null;
  for (const [name, value] of parameters) {
    if (name === 'tls') tls = toNamedTls(value);
    else if (name === 'sslrootcert') tls = toRootTls(value, host);
    else if (!modeNames.has(name)) throw refuse(`does not know one of its parameters; it knows ${known}`);
    else tls ??= toMode(name, value, host);
  }
  return tls ?? defaultTls(host);
}

/** Nothing but the machine itself hears what is sent over loopback; RDS has authorities of its own. */
function defaultTls(host: string): Tls {
  return isLoopback(host) ? 'off' : verified(host);
}

function verified(host: string): Tls {
  return /\.rds\.amazonaws\.com(?:\.cn)?\.?$/i.test(host) ? 'rds' : 'system';
}

function toNamedTls(value: string): Tls {
  if (value === 'off' || value === 'rds' || value === 'system') return value;
  throw refuse('wants tls to be off, rds or system');
}

function toMode(name: string, value: string, host: string): Tls {
  const mode = modes[value.toLowerCase()];
  if (!mode)
    throw refuse(
      `wants ${name} to say whether there is TLS: disable, or verify-full; unleak never tries without when it fails`,
    );
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
