import { decide } from '../../functions/core/decide/decide.ts';
import type { Session } from '../../functions/core/model/session.ts';
import type { Snapshot } from '../../functions/core/model/snapshot.ts';
import { parseSweepEvent } from '../../functions/flow/parse-sweep-event.ts';
import { medianOf } from '../load/measure.ts';

/** How long a decision about so many sessions takes, in milliseconds. */
export interface PolicyResult {
  readonly sessions: number;
  readonly ms: number;
}

/** Ten rules with groups and expressions, of which few sessions match the first. */
const rules = Array.from({ length: 10 }, (_, index) => ({
  name: `rule-${index}`,
  state: 'idle',
  for: `${index + 5}m`,
  match: { user: [`app-${index}`, `~^team-${index}-[a-z]+$`], application: [`~worker-${index}`] },
}));

/** Decides about made-up sessions, several times. */
export function measurePolicy(sessions: number, turns: number): PolicyResult {
  const { policy } = parseSweepEvent({
    version: 1,
    target: { name: 'policy', engine: 'postgres', secret: 'policy' },
    policy: { rules, caps: { perSweep: 10_000, share: '100%' } },
  });
  const snapshot = toSnapshot(sessions);
  const times: number[] = [];
  for (let turn = 0; turn < turns; turn += 1) {
    const start = performance.now();
    decide(snapshot, policy);
    times.push(performance.now() - start);
  }
  return { sessions, ms: medianOf(times) };
}

function toSnapshot(count: number): Snapshot {
  const sessions = Array.from({ length: count }, (_, index) => toSession(index));
  return {
    engine: 'postgres',
    version: '18.4',
    takenAt: '2026-01-01T00:00:00.000Z',
    startedAt: null,
    capacity: { maxConnections: count, reserved: 3, used: count, limits: [] },
    sessions,
    detached: [],
    missing: [],
  };
}

const oneMinuteMs = 60_000;

function toSession(index: number): Session {
  return {
    id: String(index + 1),
    identity: { connection: String(index) },
    kind: 'client',
    user: index % 3 === 0 ? `app-${index % 10}` : `team-${index % 10}-web`,
    database: 'shop',
    application: `worker-${index % 17}`,
    client: `10.0.${Math.floor(index / 250) % 250}.${index % 250}`,
    state: index % 2 === 0 ? 'idle' : 'active',
    stateMs: (index % 20) * oneMinuteMs,
    openMs: 60 * oneMinuteMs,
    transactionMs: 0,
    statement: 'select ?',
    superuser: false,
    listening: false,
    backingUp: false,
    advisoryLock: false,
    tableLock: false,
    xa: false,
    temporaryTable: false,
    waitsForLock: false,
    waitingMs: 0,
    waitsForClient: false,
    serverState: null,
    blocks: [],
    attributes: {},
    tags: {},
  };
}
