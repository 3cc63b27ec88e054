import { afterAll, inject } from 'vitest';
import { TESTED_SERVERS, type TestedServer } from '../servers/available-servers.ts';
import { toTlsFiles } from '../servers/certificates.ts';
import { describeEngine } from './contract-suite.ts';
import { createMysqlAdapter } from './mysql/adapter.ts';

/** What MariaDB leaves off and unleak wants for program names and GET_LOCK holders. */
const events = {
  performance_schema: 'ON',
  'performance-schema-instrument': 'wait/lock/metadata/sql/mdl=ON',
};

// Servers of its own: the suite's expectations of capacity need settings, and nobody else may poll the list of transactions.
const servers = inject('servers').filter(({ kind }) => kind !== 'postgres');
const own = await Promise.all(servers.map(async ({ id, name }) => ({ id, name, server: await start(id) })));

for (const { id, name, server } of own) describeEngine(createMysqlAdapter({ ...server, id, name }));
afterAll(() => Promise.all(own.map(({ server }) => server.stop())));

function start(id: string) {
  const tested: TestedServer | undefined = TESTED_SERVERS.find((server) => server.id === id);
  if (!tested) throw new Error(`there is no server ${id}`);
  return tested.start({ tls: toTlsFiles('server'), settings: { max_connections: '100', ...events } });
}
