import type { EngineName } from '../contract/target.ts';
import type { Engine } from '../engines/engine.ts';

/** Loads only the driver that the target needs: a PostgreSQL sweep never pays for mysql2. */
export async function loadEngine(name: EngineName): Promise<Engine> {
  switch (name) {
    case 'postgres':
      return (await import('../engines/postgres/engine.ts')).postgresEngine;
    case 'mysql':
    case 'mariadb':
      return (await import('../engines/mysql/engine.ts')).mysqlEngine;
  }
}
