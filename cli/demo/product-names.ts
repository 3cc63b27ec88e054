import type { ServerKind } from '../../servers/local-server.ts';

/** The engines as their makers write them. */
export const productNames: Readonly<Record<ServerKind, string>> = {
  postgres: 'PostgreSQL',
  mysql: 'MySQL',
  mariadb: 'MariaDB',
};
