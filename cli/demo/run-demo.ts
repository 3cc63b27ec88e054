import { setTimeout as wait } from 'node:timers/promises';
import type { Mode } from '../../functions/contract/target.ts';
import type { Message } from '../../functions/core/notify/to-message.ts';
import type { Report } from '../../functions/core/model/report.ts';
import { runSweep } from '../../functions/flow/run-sweep.ts';
import type { LocalServer } from '../../servers/local-server.ts';
import { agingMs, toDemoEvent } from './demo-event.ts';
import type { DemoLogin, Estate, Health } from './estate.ts';
import { createLocalParts } from './local-parts.ts';

/** What the demo saw on one server. */
export interface DemoResult {
  readonly server: LocalServer;
  readonly dryRun: Report;
  readonly enforced: Report;
  /** The notice of the enforced sweep, as subscribers receive it. */
  readonly message: Message | null;
  readonly health: Health;
}

/** Opens the leaking application on a server, lets it age, and sweeps twice: dry, then enforced. */
export async function runDemo(
  server: LocalServer,
  openEstate: (server: LocalServer) => Promise<Estate>,
  progress: (line: string) => void,
  signal: AbortSignal,
): Promise<DemoResult> {
  const estate = await openEstate(server);
  try {
    progress(`The shop is open; its leaks need ${agingMs / 1_000} seconds to pass the demo's thresholds ...`);
    await wait(agingMs, undefined, { signal });
    const dry = await sweep(server, estate.login, 'dry-run');
    const enforced = await sweep(server, estate.login, 'enforce');
    await wait(500, undefined, { signal }); // the healthy pool goes on for a moment, to show that nothing of it was hit
    const message = enforced.messages[0] ?? null;
    return { server, dryRun: dry.report, enforced: enforced.report, message, health: estate.health() };
  } finally {
    await estate.close();
  }
}

async function sweep(server: LocalServer, login: DemoLogin, mode: Mode) {
  const { deps, messages } = createLocalParts(login);
  try {
    return { report: await runSweep(toDemoEvent(server.kind, mode), deps), messages };
  } finally {
    deps.deadline.end();
  }
}
