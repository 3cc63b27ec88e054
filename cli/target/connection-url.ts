import type { EngineName, Tls } from '../../functions/contract/target.ts';
import { UsageError } from '../usage-error.ts';
import { refuseOtherForms } from './other-forms.ts';
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

/** The schemes of libpq and the MySQL clients, of Django's readers of URLs, and of Rails' adapters. */
const engineOf: Readonly<Record<string, EngineName>> = {
  ...{
    postgres: 'postgres',
    postgresql: 'postgres',
    pgsql: 'postgres',
    psql: 'postgres',
    postgis: 'postgres',
  },
  ...{ timescale: 'postgres', timescalegis: 'postgres' },
  ...{ mysql: 'mysql', mysql2: 'mysql', mysqlgis: 'mysql', 'mysql-connector': 'mysql', trilogy: 'mysql' },
  mariadb: 'mariadb',
};

/** Reads `postgres://user:password@host:port/database?tls=…`; what is wrong is told without a word of the URL, which is secret. */
export function parseConnectionUrl(text: string): UrlLogin {
  refuseOtherForms(text);
  const url = parse(withoutDriver(text));
  const scheme = url.protocol.slice(0, -1);
  const engine = Object.hasOwn(engineOf, scheme) ? engineOf[scheme] : undefined;
  if (!engine) throw refuse('it must begin with postgres://, postgresql://, mysql:// or mariadb://');
  if (url.hash !== '') throw refuse('it has a #; inside a user name or password write %23');
  const host = decode(url.hostname).replace(/^\[(.*)\]$/, '$1');
  if (host === '') throw refuse('it names no host');
  if (/[/,\s]/.test(host)) throw refuse('it must name one host, and no socket');
  // JDBC and libpq also take them as parameters.
  const user = decode(url.username) || url.searchParams.get('user') || '';
  const password = decode(url.password) || url.searchParams.get('password') || '';
  if (user === '') throw refuse('it names no user before the @');
  return {
    engine,
    host,
    port: toPort(url.port),
    database: toDatabase(url.pathname),
    user,
    password: password === '' ? null : password,
    tls: toTls(url.searchParams, host),
  };
}

/** `jdbc:` and SQLAlchemy's `+psycopg2` say which driver reads the URL, and nothing about the server. */
function withoutDriver(text: string): string {
  return text.replace(/^(?:jdbc:(?:aws-wrapper:)?)?([a-z][\w-]*)(?:\+\w+)?:\/\//i, '$1://');
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
