import type { Session, SessionIdentity, SessionKind, SessionState } from '../../../core/model/session.ts';
import { readStatement } from '../../../core/text/statement.ts';
import type { Attributes } from './attributes.ts';
import { isControlConnection } from '../connection/own-sessions.ts';
import type { Seen } from './raw-session.ts';
import { type Accounts, isSuperuser } from './accounts.ts';
import type { Blocks } from './blocks.ts';
import { type Holders, holdsTable } from './holders.ts';
import type { Variant } from '../connection/server.ts';
import { isClientState, isLockState } from './server-states.ts';
import type { Transaction, Transactions } from './transactions.ts';
import type { Branches } from './xa.ts';

/** What other tables say about sessions, by connection id; null as a whole where it could not be read. */
export interface Details {
  readonly variant: Variant;
  readonly ownId: string;
  /** Our login, as the list of sessions shows it; null where it does not. */
  readonly ownUser: string | null;
  readonly transactions: Transactions | null;
  readonly branches: Branches;
  /** Whether the server's events are what tells a bare BEGIN, so that without them no session is surely out of a transaction. */
  readonly eventsTellTransactions: boolean;
  readonly attributes: ReadonlyMap<string, Attributes> | null;
  /** Whether programs' names could not be read though the server keeps them; MariaDB as installed keeps none. */
  readonly hidesPrograms: boolean;
  /** False when the server may have cut somebody's attributes without a sign of it. */
  readonly attributesAreWhole: boolean;
  readonly holders: Holders;
  /** Who may hold a lock that the server had no room to record. */
  readonly hiding: ReadonlySet<string>;
  readonly blocks: Blocks;
  readonly accounts: Accounts | null;
}

const replicationCommand = /^(?:Binlog Dump|Register Slave|Table Dump|Slave_|Group Replication)/i;
const serverUser = /^(?:system user|event_scheduler)$/;
const notYetAClient: ReadonlySet<string> = new Set([
  'Connect',
  'Quit',
  'Killed',
  'Error',
  'Shutdown',
  'Daemon',
  'Delayed insert',
  'Connect Out',
  '',
]);

/** Puts together what is known of one session; what is not known stays null. */
export function toSession(seen: Seen, details: Details): Session {
  const transaction = details.transactions?.bySession.get(seen.id) ?? null;
  const isInTransaction = hasTransaction(seen, transaction, details);
  const attributes = details.attributes === null ? null : (details.attributes.get(seen.id) ?? {});
  const state = toState(seen, transaction, isInTransaction);
  return {
    id: seen.id,
    identity: toIdentity(seen, state),
    kind: toKind(seen, details, attributes?.['program_name']),
    user: seen.user,
    database: seen.database,
    application: toApplication(attributes, details.attributesAreWhole),
    client: seen.client,
    state,
    stateMs: state === 'other' ? null : seen.stateMs,
    openMs: null,
    transactionMs: toTransactionMs(seen, transaction, isInTransaction),
    ...toStatement(seen),
    superuser: isSuperuser(seen.user, details.accounts),
    listening: false,
    backingUp: isBackingUp(seen, attributes, details),
    advisoryLock: holdsLock(seen.id, details.holders.user, details),
    tableLock: hasTableLock(seen, isInTransaction, details),
    xa: hasBranch(seen, isInTransaction, details),
    temporaryTable: holds(seen.id, details.holders.temporary),
    ...toWaits(seen, state, transaction, details),
    serverState: seen.serverState,
    blocks: toBlocks(seen.id, details.blocks),
    attributes: withoutProgram(attributes),
  };
}

function toStatement({ statement, isStatementCut }: Seen): Pick<Session, 'statement' | 'tags'> {
  return statement === null ? { statement, tags: {} } : readStatement(statement, 'mysql', isStatementCut);
}

/** Without a use, or without a state, nothing could prove it the same when it comes to ending it. */
function toIdentity({ connection, use }: Seen, state: SessionState | null): SessionIdentity {
  return use === null || state === null ? { connection } : { connection, use, state };
}

function toKind(seen: Seen, details: Details, program: string | undefined): SessionKind {
  if (seen.id === details.ownId || isControlConnection(seen, details.ownUser, program)) return 'unleak';
  if (seen.isReplica || replicationCommand.test(seen.command)) return 'replication';
  // A replica's own threads show as `system user`, some with the command Connect.
  if (seen.user === 'system user' && seen.command !== 'Daemon') return 'replication';
  if (seen.isInternal || seen.command === 'Daemon' || serverUser.test(seen.user ?? '')) return 'background';
  return 'client';
}

/** What is not asleep and not on its way in or out is at work; a rolling back session was killed, and its transaction outlives it. */
function toState(
  seen: Seen,
  transaction: Transaction | null,
  isInTransaction: boolean | null,
): SessionState | null {
  if (notYetAClient.has(seen.command) || seen.user === null) return 'other';
  if (seen.command !== 'Sleep' || seen.isWaking) return 'active';
  if (transaction?.isRollingBack) return 'other';
  if (isInTransaction === null) return null;
  return isInTransaction ? 'idle in transaction' : 'idle';
}

/** The server's events know a bare BEGIN; InnoDB knows what the events missed. Either is enough, both are needed for a no. */
function hasTransaction(seen: Seen, transaction: Transaction | null, details: Details): boolean | null {
  if (transaction !== null || seen.isInTransaction === true) return true;
  return details.transactions === null || details.eventsTellTransactions ? seen.isInTransaction : false;
}

function toTransactionMs(
  seen: Seen,
  transaction: Transaction | null,
  isInTransaction: boolean | null,
): number | null {
  if (isInTransaction !== true) return isInTransaction === null ? null : 0;
  return seen.isInTransaction === true ? seen.transactionMs : (transaction?.ageMs ?? null);
}

/** Where the server does not record it: only who rests in a transaction can have a prepared branch of XA, and only if there is one that somebody has. */
function hasBranch(seen: Seen, isInTransaction: boolean | null, { branches }: Details): boolean | null {
  if (seen.isXa !== null) return seen.isXa;
  return seen.command === 'Sleep' && isInTransaction !== false && branches.mayBeAttached ? null : false;
}

/** Who waits and for how long. A row is waited for in InnoDB's own list, all else in STATE, since the statement began. */
function toWaits(
  seen: Seen,
  state: SessionState | null,
  transaction: Transaction | null,
  { transactions, variant }: Details,
): Pick<Session, 'waitsForLock' | 'waitingMs' | 'waitsForClient'> {
  if (state !== 'active') return { waitsForLock: false, waitingMs: 0, waitsForClient: false };
  const waitsForClient = isClientState(seen.serverState, variant);
  if (transaction?.isWaiting) return { waitsForLock: true, waitingMs: transaction.waitingMs, waitsForClient };
  if (isLockState(seen.serverState)) return { waitsForLock: true, waitingMs: seen.stateMs, waitsForClient };
  if (transactions === null) return { waitsForLock: null, waitingMs: null, waitsForClient };
  return { waitsForLock: false, waitingMs: 0, waitsForClient };
}

/** Those known to wait for it, though others may as well; null where none is known and not everything is. */
function toBlocks(id: string, { bySession, isComplete }: Blocks): Session['blocks'] {
  return bySession.get(id) ?? (isComplete ? [] : null);
}

function holds(id: string, holders: ReadonlySet<string> | null): boolean | null {
  return holders === null ? null : holders.has(id);
}

/** Whether one holds a lock of that kind; null also for those who may have one that the server had no room to record. */
function holdsLock(id: string, holders: ReadonlySet<string> | null, { hiding }: Details): boolean | null {
  const known = holds(id, holders);
  return known === false && hiding.has(id) ? null : known;
}

/**
 * MariaDB as installed shows no locks. There a session counts as free of those on tables and of a backup's, so that a policy
 * that lifts advisory-lock is of use, unless somebody's STATE says that there is one: then it may be any that rests.
 */
function hasTableLock(seen: Seen, isInTransaction: boolean | null, details: Details): boolean | null {
  const known = holdsTable(seen, isInTransaction, details.holders);
  if (known === false && details.hiding.has(seen.id)) return null;
  if (known !== null || details.variant === 'mysql') return known;
  return seen.command === 'Sleep' && isInTransaction !== true && isWaitedFor(details, /table/) ? null : false;
}

function isWaitedFor({ blocks }: Details, what: RegExp): boolean {
  return [...blocks.unexplained].some((state) => what.test(state));
}

/** A client whose program's name was cut off, or could not be read, may be a backup tool. */
function isBackingUp(seen: Seen, attributes: Attributes | null, details: Details): boolean | null {
  const known = holdsLock(seen.id, details.holders.backup, details);
  if (known === true) return true;
  if (details.hidesPrograms || (attributes !== null && isNameCut(attributes))) return null;
  if (known !== null || details.variant === 'mysql' || details.hiding.has(seen.id)) return known;
  return seen.command === 'Sleep' && isWaitedFor(details, /backup|global read|commit/) ? null : false;
}

/** MySQL marks a session whose attributes it could not keep as a whole. */
export function isNameCut(attributes: Attributes): boolean {
  return !('program_name' in attributes) && '_truncated' in attributes;
}

/** Empty when the client gave none; null when the server could not keep all that it gave. */
function toApplication(attributes: Attributes | null, areWhole: boolean): string | null {
  if (attributes === null) return null;
  return attributes['program_name'] ?? (areWhole && !('_truncated' in attributes) ? '' : null);
}

function withoutProgram(attributes: Attributes | null): Attributes {
  const entries = Object.entries(attributes ?? {});
  return Object.fromEntries(entries.filter(([name]) => name !== 'program_name' && name !== '_truncated'));
}
