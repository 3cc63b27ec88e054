import type { TestProject } from 'vitest/node';
import type { LocalServer, ServerKind } from '../../servers/local-server.ts';
import { TESTED_SERVERS, type TestedServer } from './available-servers.ts';
import { toTlsFiles } from './certificates.ts';

/** A running server as the tests get it, with `inject('servers')`. */
export interface ProvidedServer {
  readonly id: string;
  readonly name: string;
  readonly kind: ServerKind;
  readonly version: string;
  readonly host: string;
  readonly port: number;
  readonly adminUser: string;
  readonly adminPassword: string;
}

/** A server that this run does without, with `inject('skippedServers')`. */
export interface SkippedServer {
  readonly name: string;
  readonly why: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    servers: ProvidedServer[];
    skippedServers: SkippedServer[];
  }
}

/**
 * Starts every server that is available here and hands the list to the tests; the returned function stops them all.
 * UNLEAK_TEST_SERVERS=postgres18,mariadb limits the set, UNLEAK_REQUIRE_ALL_SERVERS=1 makes a missing one an error.
 */
export default async function setUpServers({
  provide,
}: Pick<TestProject, 'provide'>): Promise<() => Promise<void>> {
  const wanted = selectServers(process.env['UNLEAK_TEST_SERVERS']);
  const skipped = wanted.filter((server) => !server.isAvailable()).map(toSkipped);
  report(skipped);
  const started = await startAll(wanted.filter((server) => server.isAvailable()));
  provide('servers', started.map(toProvided));
  provide('skippedServers', skipped);
  return () => stopAll(started.map(({ server }) => server));
}

interface Started {
  readonly tested: TestedServer;
  readonly server: LocalServer;
}

function selectServers(list: string | undefined): readonly TestedServer[] {
  if (list === undefined || list === '') return TESTED_SERVERS;
  return list.split(',').map((id) => {
    const tested = TESTED_SERVERS.find((server) => server.id === id.trim());
    if (tested) return tested;
    const known = TESTED_SERVERS.map((server) => server.id).join(', ');
    throw new Error(`UNLEAK_TEST_SERVERS names '${id}'; known are ${known}`);
  });
}

function toSkipped({ name, howToGetIt }: TestedServer): SkippedServer {
  return { name, why: `it is not installed here: ${howToGetIt}` };
}

function report(skipped: readonly SkippedServer[]): void {
  const lines = skipped.map(({ name, why }) => `Tests without ${name}: ${why}.`);
  for (const line of lines) console.warn(line);
  if (lines.length > 0 && process.env['UNLEAK_REQUIRE_ALL_SERVERS'] === '1')
    throw new Error(lines.join('\n'));
}

// All or none: when one cannot start, those that did are stopped before the error is passed on.
async function startAll(wanted: readonly TestedServer[]): Promise<Started[]> {
  const tls = toTlsFiles('server');
  const results = await Promise.allSettled(
    wanted.map((tested) => tested.start({ tls }).then((server) => ({ tested, server }))),
  );
  const started = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failures: unknown[] = results.flatMap((result) =>
    result.status === 'rejected' ? [result.reason as unknown] : [],
  );
  if (failures.length === 0) return started;
  await stopAll(started.map(({ server }) => server));
  throw failures.length === 1 ? failures[0] : new AggregateError(failures, failures.map(String).join('\n'));
}

async function stopAll(servers: readonly LocalServer[]): Promise<void> {
  await Promise.all(servers.map((server) => server.stop()));
}

function toProvided({ tested: { id, name }, server }: Started): ProvidedServer {
  const { kind, version, host, port, adminUser, adminPassword } = server;
  return { id, name, kind, version, host, port, adminUser, adminPassword };
}
