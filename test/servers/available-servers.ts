import { findMariadb, startMariadb } from '../../servers/mariadb.ts';
import { findMysql, startMysql } from '../../servers/mysql.ts';
import { isPostgresAvailable, startPostgres } from '../../servers/postgres.ts';
import type { LocalServer, StartOptions } from '../../servers/local-server.ts';

/** One of the products that the tests run against. */
export interface TestedServer {
  /** What UNLEAK_TEST_SERVERS calls it. */
  readonly id: string;
  readonly name: string;
  readonly howToGetIt: string;
  isAvailable(): boolean;
  start(options: StartOptions): Promise<LocalServer>;
}

const NPM_PACKAGE = 'npm ci installs it where npm has a package for the platform';
const SETTINGS = { max_connections: '100', max_prepared_transactions: '10' };

/** Every product and version that the tests run against. */
export const TESTED_SERVERS: readonly TestedServer[] = [
  toPostgres(14),
  toPostgres(18),
  {
    id: 'mariadb',
    name: 'MariaDB',
    howToGetIt: 'install a package with mariadbd, on Debian mariadb-server-core',
    isAvailable: () => findMariadb() !== null,
    start: startMariadb,
  },
  {
    id: 'mysql',
    name: 'MySQL',
    howToGetIt: 'install a package with mysqld, or name a tool that starts it in UNLEAK_MYSQL_SERVER_TOOL',
    isAvailable: () => findMysql() !== null,
    start: startMysql,
  },
];

function toPostgres(major: 14 | 18): TestedServer {
  return {
    id: `postgres${major}`,
    name: `PostgreSQL ${major}`,
    howToGetIt: NPM_PACKAGE,
    isAvailable: () => isPostgresAvailable(major),
    start: (options) => startPostgres({ ...options, major, settings: { ...SETTINGS, ...options.settings } }),
  };
}
