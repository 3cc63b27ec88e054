import { openAdmin as openMysqlAdmin } from '../engines/mysql/admin.ts';
import { openAdmin as openPostgresAdmin } from '../engines/postgres/admin.ts';
import type { ProvidedServer } from './global-setup.ts';

/**
 * Waits until no other test sweeps this shared server, since a sweep locks others out; resolves to what lets the next one in.
 * The server keeps the order by a lock of its own, so that a test that dies lets go as well.
 */
export async function sweepAlone(server: ProvidedServer): Promise<() => Promise<void>> {
  const isPostgres = server.kind === 'postgres';
  const admin = isPostgres ? await openPostgresAdmin(server) : await openMysqlAdmin(server);
  await admin.value(isPostgres ? 'select pg_advisory_lock(20, 22)' : `SELECT GET_LOCK('tests', 600)`);
  return () => admin.close();
}
