import * as z from 'zod';
import { type RuleState, ruleStates } from '../../../contract/rule.ts';
import type { Blocked, Session, SessionKind, SessionState } from '../../../core/model/session.ts';
import { cutMark, readStatement, type ReadStatement } from '../../../core/text/statement.ts';
import { digits, microseconds, ms, text } from './fields.ts';
import { readText } from './text.ts';

/** Who waits, for a lock or a snapshot, and for how long, in milliseconds; null where the server does not record since when (PostgreSQL 13). */
export const blockedSchema = z.object({ id: digits, waitingMs: ms, isForSnapshot: z.boolean() });

/** One session as snapshotSql gives it, its texts read in the encoding of its database. */
export const sessionRowSchema = z
  .object({
    id: digits,
    ...{ backendStart: microseconds, stateChange: microseconds },
    ...{ transactionStart: microseconds, queryStart: microseconds },
    isUnleak: z.boolean().nullable(),
    ...{
      backendType: text,
      encoding: text,
      user: text,
      database: text,
      application: text,
      client: text,
      state: text,
      waitsAt: text,
      statement: text,
    },
    ...{
      isStatementCut: z.boolean(),
      mentionsListen: z.boolean(),
      mentionsBackup: z.boolean(),
      mentionsSnapshot: z.boolean(),
    },
    superuser: z.boolean().nullable(),
    ...{ stateMs: ms, openMs: ms, transactionMs: ms },
    ...{ advisoryLock: z.boolean(), temporaryTable: z.boolean() },
    waitsForLock: z.boolean().nullable(),
    waitingMs: ms,
    waitsForClient: z.boolean().nullable(),
    blocks: z.array(blockedSchema),
  })
  .transform(({ encoding, ...row }) => {
    const read = (raw: string | null) => raw && readText(raw, encoding);
    return { ...row, user: read(row.user), database: read(row.database), statement: read(row.statement) };
  });
export type SessionRow = z.output<typeof sessionRowSchema>;

type Unread = Pick<Session, 'statement' | 'tags'>;

const hiddenStatement = '<insufficient privilege>';

/** A row of pg_stat_activity as a Session: what the server hid from us is null, never a default. */
export function toSession(row: SessionRow): Session {
  const state = toState(row.state);
  const { statement, tags } = toStatement(row);
  return {
    id: row.id,
    identity: toIdentity(row),
    kind: toKind(row),
    user: row.user,
    database: row.database,
    application: row.application,
    client: row.client,
    state,
    stateMs: toAge(row.stateMs),
    openMs: toAge(row.openMs),
    transactionMs: toTransactionMs(row, state),
    statement,
    superuser: row.superuser,
    listening: isListening(statement, row),
    backingUp: isBackingUp(row, state),
    advisoryLock: row.advisoryLock,
    tableLock: false,
    xa: false,
    temporaryTable: row.temporaryTable,
    ...toWaits(row, state),
    serverState: row.waitsAt,
    blocks: toBlocked(row.blocks),
    attributes: {},
    tags,
  };
}

/** Who does not wait has no kind of wait at all; of those whose state is hidden nobody knows. */
function toWaits(
  row: SessionRow,
  state: SessionState | null,
): Pick<Session, 'waitsForLock' | 'waitingMs' | 'waitsForClient'> {
  const waitsForLock = row.waitsForLock ?? (state === null ? null : false);
  const waitingMs = waitsForLock === false ? 0 : toAge(row.waitingMs);
  if (state === null) return { waitsForLock, waitingMs, waitsForClient: null };
  return { waitsForLock, waitingMs, waitsForClient: state === 'active' && row.waitsForClient === true };
}

/** The waiters of a session or a prepared transaction. */
export function toBlocked(rows: SessionRow['blocks']): readonly Blocked[] {
  return rows.map(({ id, waitingMs, isForSnapshot }) => ({
    ...{ id, waitingMs: toAge(waitingMs) },
    ...(isForSnapshot && { waitsFor: 'snapshot' as const }),
  }));
}

/** Microseconds since 1970, empty where there is none; every change of state or transaction changes one of them. */
function toIdentity(row: SessionRow): Session['identity'] {
  return {
    connection: row.backendStart ?? '',
    stateChange: row.stateChange ?? '',
    transactionStart: row.transactionStart ?? '',
    queryStart: row.queryStart ?? '',
  };
}

// Logical workers can look idle, and so can walsenders. A row without a type is hidden from us: background processes
// have no user, so one with a user is somebody's session.
function toKind(row: SessionRow): SessionKind {
  if (row.isUnleak) return 'unleak';
  if (row.backendType === 'client backend') return 'client';
  if (row.backendType === null) return row.user === null ? 'background' : 'client';
  return /^(?:walsender|walreceiver|logical replication|slotsync)/.test(row.backendType)
    ? 'replication'
    : 'background';
}

function toState(state: string | null): SessionState | null {
  if (state === null || state === 'disabled') return null; // track_activities is off for it
  return isRuleState(state) ? state : 'other';
}

function isRuleState(state: string): state is RuleState {
  return ruleStates.some((known) => known === state);
}

// An aborted transaction has lost its start, so the time since it failed is what is known: at least that old.
function toTransactionMs(row: SessionRow, state: SessionState | null): number | null {
  if (row.transactionMs !== null) return toAge(row.transactionMs);
  if (state === 'idle') return 0;
  return state === 'idle in transaction (aborted)' ? toAge(row.stateMs) : null;
}

/** An age in milliseconds; what began after the statement that looks is no older than it. */
export function toAge(age: number | null): number | null {
  return age === null ? null : Math.max(0, age);
}

function toStatement({ statement, isStatementCut }: SessionRow): ReadStatement | Unread {
  if (statement === null || statement === hiddenStatement) return { statement: null, tags: {} };
  return readStatement(statement, 'postgres', isStatementCut);
}

/** A snapshot that others work by lives as long as the transaction that exported or took it; a backup outlives transactions. */
function isBackingUp(row: SessionRow, state: SessionState | null): boolean {
  const text = row.statement ?? '';
  if (row.mentionsBackup || /\bpg_(?:backup_start|start_backup)\b/i.test(text)) return true;
  if (state === 'idle' || state === 'idle in transaction (aborted)') return false;
  return row.mentionsSnapshot || /\b(?:pg_export_snapshot|transaction\s+snapshot)\b/i.test(text);
}

/** Where part of the statement had to be hidden or was cut off, and in a DO block, whose text is a literal, LISTEN anywhere in it is taken for one. */
function isListening(statement: string | null, row: SessionRow): boolean {
  if (statement === null || row.statement === null) return false;
  if (/(?:^|;)\s*listen\b/i.test(statement)) return true;
  if (!row.mentionsListen && !/\blisten\b/i.test(row.statement)) return false;
  return statement.endsWith(cutMark) || /(?:^|;)\s*do\b/i.test(statement);
}
