import type { Ticket } from './lock-waits.ts';
import type { Seen } from './raw-session.ts';
import { isLockState } from './server-states.ts';
import type { Row } from '../connection/row.ts';

/** A lock as MariaDB's plugin shows it. */
interface Held {
  readonly ticket: Ticket;
  readonly kind: string;
  readonly schema: string;
  readonly name: string;
}

/**
 * The locks that MariaDB's plugin shows, which are those that somebody has, and the requests that it does not show: what a
 * session whose STATE says that it waits must have asked for, by its own locks, else by what its statement speaks of.
 */
export function toPluginTickets(rows: readonly Row[], seen: readonly Seen[]): readonly Ticket[] {
  const waiting = seen.filter(({ serverState }) => isLockState(serverState));
  const atTable = new Set(waiting.filter(isAtTable).map(({ id }) => id));
  const held = rows.map((row) => toHeld(row, atTable));
  const requests = waiting
    .filter((session) => !isAtTable(session))
    .flatMap((session) => toRequests(session, held));
  return [...held.map(({ ticket }) => ticket), ...requests];
}

function isAtTable({ serverState }: Seen): boolean {
  return serverState === 'Waiting for table level lock';
}

function toHeld(row: Row, atTable: ReadonlySet<string>): Held {
  const [kind = '', schema = '', name = ''] = [row['kind'], row['schema'], row['name']].map(
    (part) => part ?? '',
  );
  const owner = row['id'] ?? '';
  const waitsForTable = kind === tableLock && atTable.has(owner);
  const type = (row['type'] ?? '').replace(/^MDL_/, '');
  return {
    kind,
    schema,
    name,
    ticket: { object: [kind, schema, name].join('\u0000'), type, isGranted: true, owner, waitsForTable },
  };
}

const tableLock = 'Table metadata lock';

function toRequests(session: Seen, held: readonly Held[]): readonly Ticket[] {
  const state = session.serverState ?? '';
  if (state === 'User lock')
    return ask(
      session,
      'SHARED_NO_WRITE',
      held.filter(({ kind, schema, name }) => kind === 'User lock' && isSpokenOf(session, schema || name)),
    );
  if (/backup lock|global read lock/i.test(state))
    return ask(
      session,
      backupRequest(session),
      held.filter(({ kind }) => kind === 'Backup lock'),
    );
  const tables = held.filter(({ kind }) => kind === tableLock);
  const own = tables.filter(({ ticket }) => ticket.owner === session.id && isUpgradable(ticket.type));
  if (own.length > 0) return ask(session, 'EXCLUSIVE', own);
  return ask(
    session,
    tableRequest(session),
    tables.filter(
      ({ schema, name }) =>
        isSpokenOf(session, name) && (session.database === schema || isSpokenOf(session, schema)),
    ),
  );
}

function ask({ id }: Seen, type: string, held: readonly Held[]): readonly Ticket[] {
  const objects = new Set(held.map(({ ticket }) => ticket.object));
  return [...objects].map((object) => ({ object, type, isGranted: false, owner: id, waitsForTable: false }));
}

/** A lock to begin a change with, which must become an exclusive one at its end. */
function isUpgradable(type: string): boolean {
  return ['SHARED_UPGRADABLE', 'SHARED_NO_WRITE', 'SHARED_NO_READ_WRITE'].includes(type);
}

function isSpokenOf({ statement }: Seen, name: string): boolean {
  return name !== '' && (statement ?? '').toLowerCase().includes(name.toLowerCase());
}

function tableRequest(session: Seen): string {
  const verb = verbOf(session);
  if (/^(?:select|with|\(|do|show|table|values|checksum)/.test(verb)) return 'SHARED_READ';
  if (/^(?:insert|update|delete|replace|load|call|execute)/.test(verb)) return 'SHARED_WRITE';
  if (/^(?:lock|flush)/.test(verb))
    return /\bwrite\b/i.test(session.statement ?? '') ? 'SHARED_NO_READ_WRITE' : 'SHARED_READ_ONLY';
  return 'EXCLUSIVE';
}

function backupRequest(session: Seen): string {
  const verb = verbOf(session);
  if (verb.startsWith('flush')) return 'BACKUP_FTWRL2';
  if (verb.startsWith('backup')) return 'BACKUP_WAIT_COMMIT';
  if (verb.startsWith('commit')) return 'BACKUP_COMMIT';
  return /^(?:insert|update|delete|replace|load|select|call|execute)/.test(verb)
    ? 'BACKUP_DML'
    : 'BACKUP_DDL';
}

/** The first word of the statement, behind its comments. */
function verbOf({ statement }: Seen): string {
  const text = (statement ?? '').replace(/^(?:\s|\/\*(?!!)[\s\S]*?\*\/|(?:--\s|#)[^\n]*\n)+/, '');
  return text.slice(0, 20).toLowerCase();
}
