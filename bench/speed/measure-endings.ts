import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServerKind } from '../../servers/local-server.ts';
import { openDelayedRelay } from '../chaos/delayed-relay.ts';
import { openEstate } from '../chaos/estate.ts';
import { medianOf } from '../load/measure.ts';
import { alternative, unleak } from './contenders.ts';
import { runLap } from './race.ts';

/** What to measure: so many sessions on one engine, by turns, over a wire of this round trip. */
export interface EndingOrder {
  readonly kind: ServerKind;
  readonly sessions: number;
  readonly turns: number;
  readonly rttMs: number;
}

/** Medians in milliseconds, from the start of the program until the last session's client saw its end. */
export interface EndingResult extends EndingOrder {
  readonly version: string;
  readonly unleakMs: number;
  /** Null where the alternative is not installed. */
  readonly other: { readonly name: string; readonly ms: number } | null;
}

const idleMs = 1_000;
const policy = `policies:
  all:
    rules:
      - { name: leaked, state: idle, for: ${idleMs}ms, match: { user: [shop] } }
    caps: { perSweep: 10000, share: 100% }
`;

/** Lets unleak and its alternative end the same number of sessions by turns, on one server. */
export async function measureEndings(order: EndingOrder): Promise<EndingResult> {
  const { kind, sessions, turns, rttMs } = order;
  const folder = mkdtempSync(join(tmpdir(), 'unleak-speed-'));
  const policyFile = join(folder, 'policy.yaml');
  writeFileSync(policyFile, policy);
  const estate = await openEstate(kind, sessions);
  const relay = rttMs > 0 ? await openDelayedRelay(estate.server, rttMs) : null;
  try {
    const { host, port } = relay ?? estate.server;
    const quarry = { login: { ...estate.unleak, host, port }, idleMs };
    const course = { kind, shop: estate.shop, sessions, idleMs };
    const [ours, theirs] = [unleak(kind, quarry, policyFile), alternative(kind, quarry)];
    const times = { ours: [] as number[], theirs: [] as number[] };
    for (let turn = 0; turn < turns; turn += 1) {
      times.ours.push((await runLap(course, ours)).allGoneMs);
      if (theirs) times.theirs.push((await runLap(course, theirs)).allGoneMs);
    }
    const other = theirs && { name: theirs.name, ms: medianOf(times.theirs) };
    return { ...order, version: estate.server.version, unleakMs: medianOf(times.ours), other };
  } finally {
    relay?.stop();
    await estate.server.stop();
    rmSync(folder, { recursive: true });
  }
}
