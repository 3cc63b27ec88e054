import { Fault } from '../../../core/model/fault.ts';
import { byAge } from '../../../core/model/session-order.ts';
import type { Snapshot } from '../../../core/model/snapshot.ts';
import { toAttributes } from './attributes.ts';
import { readBlocks } from './blocks.ts';
import { toCapacity } from './capacity.ts';
import { toServerTimeouts } from './server-timeouts.ts';
import { readHidingSessions, readLostLocks } from './lost-locks.ts';
import { toMissing } from './missing.ts';
import { askIfAllowed, cannotSee } from '../connection/privileges.ts';
import type { Variant } from '../connection/server.ts';
import { type Listing, listSessions } from './sessions.ts';
import { readHolders } from './holders.ts';
import { attributes, snapshotSql, userLimits } from './snapshot-sql.ts';
import { isAnyone, readAccounts } from './accounts.ts';
import { toKillScope } from './kill-scope.ts';
import { errnoOf } from '../connection/to-fault.ts';
import { type Details, isNameCut, toSession } from './to-session.ts';
import { readTransactions } from './transactions.ts';
import type { KillMethods } from '../terminate/kill-methods.ts';
import { readBranches, toDetached } from './xa.ts';
import type { Row } from '../connection/row.ts';
import type { Wire } from '../connection/wire.ts';

/**
 * Reads all sessions, then the details of other tables. A session that moves on in between has another identity when it
 * comes to ending it, so that a mixture of two moments never ends anything.
 */
export async function look(wire: Wire, variant: Variant, ways: KillMethods): Promise<Snapshot> {
  const server = await readServerRow(wire, variant);
  const listing = await listSessions(wire, variant, server);
  if (!listing.seen.some(({ id }) => id === server['id'])) throw incomplete(server);
  const details = await readDetails(wire, variant, server, listing);
  const sessions = listing.seen.map((seen) => toSession(seen, details));
  const killScope = toKillScope(variant, ways, details.accounts, sessions);
  const limits = await askIfAllowed(wire, userLimits);
  const lostLocks = listing.readsEvents ? await readLostLocks(wire, server, details.attributes) : undefined;
  return {
    engine: variant,
    version: server['version'] ?? '',
    takenAt: server['taken_at'] ?? '',
    startedAt: toStart(server),
    capacity: toCapacity(server, limits ?? [], sessions),
    sessions: sessions.toSorted(byAge),
    detached: toDetached(details.transactions, details.branches, details.blocks.byNobody),
    guards: toServerTimeouts(server),
    ...(killScope !== null && { killScope }),
    ...(lostLocks && { lostLocks }),
    missing: toMissing({
      variant,
      account: server['account'] ?? '',
      mayEnd: ways.others !== null || (killScope?.users.length ?? 0) > 0,
      hasEvents: server['has_events'] === '1',
      ...listing,
      knowsPrograms: details.attributes !== null,
      cutsPrograms: [...(details.attributes?.values() ?? [])].some(isNameCut),
      knowsLocks: details.holders.user !== null,
      knowsTemporaryTables: details.holders.temporary !== null,
      knowsBranches: details.branches.detached !== null || details.blocks.byNobody.length === 0,
      hasLostLocks: lostLocks !== undefined,
      knowsLimits: limits !== null,
      knowsTransactions: details.transactions !== null,
      knowsWaits: details.blocks.isComplete,
      knowsSuperusers: details.accounts !== null,
      isAnyoneSuperuser: details.accounts !== null && isAnyone(details.accounts),
    }),
  };
}

/** The start that the server's age and its clock give; a clock that was set moves both. */
function toStart({ taken_at: takenAt, uptime }: Row): string | null {
  const startMs = Date.parse(takenAt ?? '') - Number(uptime ?? 'NaN') * 1_000;
  return Number.isNaN(startMs) || Math.abs(startMs) > 8e15 ? null : new Date(startMs).toISOString();
}

// A list without ourselves was cut, or is not a list of all.
function incomplete(server: Row): Fault {
  const why =
    server['threads_lost'] === '1'
      ? ' performance_schema had no room for some (Performance_schema_thread_instances_lost): give performance_schema_max_thread_instances more.'
      : '';
  return new Fault({
    code: 'snapshot.failed',
    step: 'snapshot',
    message: `The server gave a list of sessions in which our own is missing, so it may lack others as well.${why}`,
  });
}

async function readServerRow(wire: Wire, variant: Variant): Promise<Row> {
  const [row] = await wire.ask(snapshotSql[variant].server);
  return row ?? {};
}

async function readDetails(wire: Wire, variant: Variant, server: Row, listing: Listing): Promise<Details> {
  const sql = snapshotSql[variant];
  const transactions = await readTransactionsOrFail(wire, server['account'] ?? '');
  const holders = await readHolders(wire, variant, listing.recordsLocks);
  const hiding = listing.recordsLocks
    ? await readHidingSessions(wire, server, listing.seen)
    : new Set<string>();
  const programs = await readAttributes(wire, server, listing);
  return {
    variant,
    ownId: server['id'] ?? '',
    ownUser: listing.seen.find(({ id }) => id === server['id'])?.user ?? null,
    transactions,
    branches: await readBranches(wire, variant, transactions, listing.readsEvents),
    eventsTellTransactions: variant === 'mysql' && listing.readsEvents,
    attributes: programs,
    hidesPrograms:
      programs === null &&
      (variant === 'mysql' || (listing.readsEvents && Number(server['attributes_size']) !== 0)),
    attributesAreWhole: server['attributes_whole'] === '1',
    holders,
    hiding,
    blocks: await readBlocks(wire, sql, transactions, listing.seen, holders.source, hiding.size > 0),
    accounts: await readAccounts(wire, sql, server),
  };
}

async function readTransactionsOrFail(wire: Wire, account: string) {
  try {
    return await readTransactions(wire);
  } catch (error) {
    throw errnoOf(error) === 1227 ? cannotSee(account, error) : error;
  }
}

async function readAttributes(wire: Wire, server: Row, listing: Listing) {
  if (!listing.readsEvents || Number(server['attributes_size']) === 0) return null;
  const rows = await askIfAllowed(wire, attributes);
  return rows && toAttributes(rows);
}
