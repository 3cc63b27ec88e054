import type { EngineName, Tls } from '../../functions/contract/target.ts';
import { UsageError } from '../usage-error.ts';
import { toTls } from './url-tls.ts';

/** What a connection URL says; a password it leaves out is asked for. */
export interface UrlLogin {
  readonly engine: EngineName;
  readonly host: string;
  readonly port: number | null;
  readonly database: string | null;
  readonly user: string;
  readonly password: string | null;
  readonly tls: Tls;
}

const engineOf: Readonly<Record<string, EngineName>> = {
  'postgres:': 'postgres',
  'postgresql:': 'postgres',
  'mysql:': 'mysql',
  'mariadb:': 'mariadb',
};

/** Reads `postgres://user:password@host:port/database?tls=…`; what is wrong is told without a word of the URL, which is secret. */
export function parseConnectionUrl(text: string): UrlLogin {
  const url = parse(text);
  const engine = engineOf[url.protocol];
  if (!engine) throw refuse('it must begin with postgres://, postgresql://, mysql:// or mariadb://');
  if (url.hash !== '') throw refuse('it has a #; inside a user name or password write %23');
  const host = decode(url.hostname).replace(/^\[(.*)\]$/, '$1');
  if (host === '') throw refuse('it names no host');
  if (/[/,\s]/.test(host)) throw refuse('it must name one host, and no socket');
  if (url.username === '') throw refuse('it names no user before the @');
  return {
    engine,
    host,
    port: toPort(url.port),
    database: toDatabase(url.pathname),
    user: decode(url.username),
    password: url.password === '' ? null : decode(url.password),
    tls: toTls(url.searchParams, host),
  };
}

// The parser's own error holds the whole URL as a property, so it goes nowhere, not even into a cause.
function parse(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null)
    throw refuse(
      'it is not of the form postgres://user:password@host:port/database; in a password write / as %2F, # as %23, ? as %3F, @ as %40 and % as %25',
    );
  return url;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw refuse('it has a % that is not followed by two hexadecimal digits; write % as %25');
  }
}

function toPort(text: string): number | null {
  if (text === '') return null;
  const port = Number(text);
  if (port >= 1 && port <= 65_535) return port;
  throw refuse('its port is not between 1 and 65535');
}

function toDatabase(path: string): string | null {
  const name = decode(path.replace(/^\//, ''));
  if (name.includes('/')) throw refuse('there is more than the name of a database after the host');
  return name === '' ? null : name;
}

function refuse(why: string): UsageError {
  return new UsageError(`The connection URL cannot be used: ${why}.`);
}
