import type { FiledSession, SnapshotFile } from '../../functions/contract/snapshot-file.ts';
import type { Session, SessionIdentity } from '../../functions/core/model/session.ts';
import type { Capacity, Snapshot } from '../../functions/core/model/snapshot.ts';
import { type Dialect, readStatement } from '../../functions/core/text/statement.ts';

/** So large that no part of it is ever taken: rules with utilization are not in force where nobody knows the slots. */
export const unknownSlots = Number.MAX_SAFE_INTEGER;

/** Fills what a file leaves out: the ordinary where sessions are alike, unknown where they are not (docs/reference/snapshot.md). */
export function toSnapshot(file: SnapshotFile): Snapshot {
  const dialect: Dialect = file.engine === 'postgres' ? 'postgres' : 'mysql';
  const waits = waitsIn(file);
  const sessions = file.sessions.map((session) => toSession(session, dialect, waits.get(session.id)));
  return {
    engine: file.engine,
    version: file.version ?? 'unknown',
    takenAt: file.takenAt ?? 'unknown',
    capacity: toCapacity(file, sessions),
    sessions,
    missing: file.missing ?? [],
    ...(file.startedAt !== undefined && { startedAt: file.startedAt }),
    ...(file.detached !== undefined && { detached: file.detached }),
    ...(file.guards && { guards: { limitsMs: file.guards.limitsMs, exempt: file.guards.exempt ?? [] } }),
  };
}

/** How long each waiter has waited by what the others' `blocks` say; null where no file says since when. */
function waitsIn({ sessions }: SnapshotFile): ReadonlyMap<string, number | null> {
  const blocked = sessions.flatMap(({ blocks }) => blocks ?? []);
  return new Map(blocked.map(({ id, waitingMs }) => [id, waitingMs]));
}

/** `waits` is for how long others say that it waits for them; undefined where nobody says that it does. */
function toSession(filed: FiledSession, dialect: Dialect, waits: number | null | undefined): Session {
  const state = filed.state ?? null;
  const read = typeof filed.statement === 'string' ? readStatement(filed.statement, dialect) : null;
  return {
    id: filed.id,
    identity: toIdentity(filed),
    kind: filed.kind ?? 'client',
    user: filed.user ?? null,
    database: filed.database ?? null,
    application: filed.application ?? null,
    client: filed.client ?? null,
    state,
    stateMs: filed.stateMs ?? null,
    openMs: filed.openMs ?? null,
    transactionMs: toTransactionMs(filed),
    statement: read?.statement ?? null,
    superuser: ordinary(filed.superuser, false),
    listening: filed.listening ?? false,
    backingUp: ordinary(filed.backingUp, false),
    advisoryLock: ordinary(filed.advisoryLock, false),
    tableLock: ordinary(filed.tableLock, false),
    xa: ordinary(filed.xa, false),
    temporaryTable: ordinary(filed.temporaryTable, false),
    waitsForLock: ordinary(filed.waitsForLock, waits !== undefined),
    waitingMs: ordinary(filed.waitingMs, waits === undefined ? 0 : waits),
    waitsForClient: ordinary(filed.waitsForClient, false),
    serverState: filed.serverState ?? null,
    blocks: ordinary(filed.blocks, []),
    attributes: filed.attributes ?? {},
    tags: filed.tags ?? read?.tags ?? {},
  };
}

/** Left out is ordinary; null is what somebody tried to read and could not. */
function ordinary<T>(value: T | null | undefined, otherwise: T): T | null {
  return value === undefined ? otherwise : value;
}

function toTransactionMs({ transactionMs, state }: FiledSession): number | null {
  if (transactionMs !== undefined) return transactionMs;
  return state === 'idle' ? 0 : null;
}

function toIdentity({ identity, id, user }: FiledSession): SessionIdentity {
  return { ...identity, connection: identity?.['connection'] ?? `${user ?? ''}#${id}` };
}

function toCapacity({ capacity }: SnapshotFile, sessions: readonly Session[]): Capacity {
  const clients = sessions.filter(({ kind }) => kind === 'client' || kind === 'unleak').length;
  return {
    maxConnections: capacity?.maxConnections ?? unknownSlots,
    reserved: capacity?.reserved ?? 0,
    used: capacity?.used ?? clients,
    limits: capacity?.limits ?? [],
  };
}
