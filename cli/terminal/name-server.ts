import type { EngineName } from '../../functions/contract/target.ts';
import { cleanText } from '../../functions/core/text/clean-text.ts';

/** The products as their makers write them. */
export const productNames: Readonly<Record<EngineName, string>> = {
  postgres: 'PostgreSQL',
  mysql: 'MySQL',
  mariadb: 'MariaDB',
};

/** A server as people call it: `127.0.0.1:33067 (MySQL 9.7.4)`; without a version where none is known. */
export function nameServer(label: string, engine: string, version: string | null = null): string {
  const product = Object.hasOwn(productNames, engine)
    ? productNames[engine as EngineName]
    : cleanText(engine, 20);
  const known = version ? ` ${cleanText(version, 64)}` : '';
  return `${label} (${product}${known})`;
}
