import { askOrNull } from './ask-or-null.ts';
import { answerMs } from '../../../contract/sweep-time.ts';
import type { LockHolder, SweepLock } from '../../../core/sweep-lock.ts';
import {
  type Holders,
  type LockSteps,
  type Rival,
  takeLock,
  watchLock as watchLockBy,
} from '../../take-lock.ts';
import { nobody } from '../terminate/no-such-id.ts';
import { ownProgram, sweepMark } from './own-sessions.ts';
import { askIfAllowed } from './privileges.ts';
import type { Row } from './row.ts';
import type { Wire } from './wire.ts';

/** As long as a sweep may rest between two statements, waiting for a yes: the server frees what a client that vanished has left. */
const restSeconds = answerMs / 1_000 + 30;

const restBriefly = `SET SESSION wait_timeout = ${restSeconds}`;
const raise = `${restBriefly}; USE ${sweepMark}`;

/** Whoever has our login can keep sweeps out by this lock; in other hands it does nothing. */
const namedLock = `SELECT IS_USED_LOCK('unleak') AS id`;

const sessionsOf = (condition: string) =>
  `SELECT id, user, host, db, command, time FROM information_schema.processlist WHERE ${condition}`;

/**
 * Takes the lock of this server. The mark is the current schema of our session, which the list of sessions shows: it needs no
 * privilege, no lock that others could hold, and works where GET_LOCK is refused (Percona XtraDB Cluster). It goes when
 * the connection closes, which a sweep that was kept out does at once.
 */
export async function lock(wire: Wire, sweepMs: number): Promise<SweepLock> {
  return takeLock(await toSteps(wire, sweepMs));
}

/** Who holds the lock, for a connection that shows no mark itself. */
export async function watchLock(wire: Wire, sweepMs: number): Promise<SweepLock> {
  await wire.ask(restBriefly);
  return watchLockBy(await toSteps(wire, sweepMs));
}

async function toSteps(wire: Wire, sweepMs: number): Promise<LockSteps> {
  const [own] = await wire.ask(sessionsOf('id = CONNECTION_ID()'));
  const user = own?.['user'] ?? '';
  const named = (await askOrNull(wire, namedLock))?.[0]?.['id'] ?? null;
  const hosts = new Map<string, string>();
  const ownId = own?.['id'] ?? '';
  return {
    raise: async () => {
      await wire.ask(raise);
    },
    lower: () => Promise.resolve(),
    readHolders: async () => {
      const rows = await wire.ask(sessionsOf(`id <> CONNECTION_ID() AND ${isEqual('user', user)}`));
      for (const row of rows) hosts.set(row['id'] ?? '', row['host'] ?? '');
      return readHolders(wire, { rows, named: named === ownId ? null : named, ownId, sweepMs });
    },
    end: ({ id }) => end(wire, id, `${user}@${hosts.get(id) ?? ''}`, sweepMs),
  };
}

interface Found {
  /** The other sessions of our login. */
  readonly rows: readonly Row[];
  /** Who else holds the lock by name. */
  readonly named: string | null;
  readonly ownId: string;
  readonly sweepMs: number;
}

async function readHolders(wire: Wire, found: Found): Promise<Holders> {
  const { rows, named } = found;
  const marked = rows.filter((row) => isMarked(row) || row['id'] === named);
  const isStranger = named !== null && !rows.some((row) => row['id'] === named);
  const strangers = isStranger ? await wire.ask(sessionsOf(`id = ${named}`)) : [];
  const programs = await readPrograms(wire, [...marked, ...strangers]);
  return {
    rivals: marked.flatMap((row) => toRival(row, programs.get(row['id'] ?? ''), found)),
    strangers: strangers.map((row) => toHolder(row, programs.get(row['id'] ?? ''))),
  };
}

/** MariaDB shows a session as busy, and no schema, while it cannot look into it; that may be a mark. */
function isMarked(row: Row): boolean {
  return row['db'] === sweepMark || /busy/i.test(row['command'] ?? '');
}

/** A person who logged in with unleak's password is no sweep, where the server shows the name of the program. */
function toRival(row: Row, program: string | undefined, { named, ownId, sweepMs }: Found): Rival[] {
  const isNamed = row['id'] === named;
  if (!isNamed && program !== undefined && program !== ownProgram) return [];
  const holder = toHolder(row, program);
  const isOurs = program === ownProgram || (program === undefined && isMarked(row));
  const isHanging = isOurs && (holder.ageMs ?? 0) >= 2 * sweepMs;
  return [{ ...holder, isElder: BigInt(holder.id) < BigInt(ownId), isHanging }];
}

// TIME counts from the last change of state, so the session is at least that old.
function toHolder(row: Row, program: string | undefined): LockHolder {
  return {
    id: row['id'] ?? '',
    user: row['user'] ?? null,
    application: program ?? null,
    client: row['host']?.replace(/:\d+$/, '') ?? null,
    ageMs: row['time'] == null ? null : Number(row['time']) * 1_000,
  };
}

async function readPrograms(wire: Wire, rows: readonly Row[]): Promise<ReadonlyMap<string, string>> {
  if (rows.length === 0) return new Map();
  const ids = rows.map((row) => row['id']).join(', ');
  const sql = `SELECT processlist_id AS id, LEFT(attr_value, 256) AS program FROM performance_schema.session_connect_attrs
    WHERE attr_name = 'program_name' AND processlist_id IN (${ids})`;
  const programs = (await askIfAllowed(wire, sql)) ?? [];
  return new Map(programs.map((row) => [row['id'] ?? '', row['program'] ?? '']));
}

/** Nobody needs a privilege to end sessions of his own. */
async function end(wire: Wire, id: string, account: string, sweepMs: number): Promise<boolean> {
  const isSame = `id = ${id} AND id <> CONNECTION_ID() AND ${isEqual(`CONCAT(user, '@', host)`, account)}
    AND time >= ${Math.ceil((2 * sweepMs) / 1_000)}`;
  const check = `SET @unleak_hanging = COALESCE((SELECT MAX(id) FROM information_schema.processlist WHERE ${isSame}), ${nobody})`;
  return (await askOrNull(wire, `${check}; KILL @unleak_hanging`)) !== null;
}

// Byte by byte: user names tell upper from lower case, and the list's own comparison does not.
function isEqual(column: string, value: string): string {
  return `CAST(${column} AS BINARY) = 0x${Buffer.from(value, 'utf8').toString('hex')}`;
}
