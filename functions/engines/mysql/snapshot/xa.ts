import { askOrNull } from '../connection/ask-or-null.ts';
import type { Blocked } from '../../../core/model/session.ts';
import type { DetachedTransaction } from '../../../core/model/snapshot.ts';
import type { Variant } from '../connection/server.ts';
import { snapshotSql, attachedBranches } from './snapshot-sql.ts';
import type { Transactions } from './transactions.ts';
import type { Row } from '../connection/row.ts';
import type { Wire } from '../connection/wire.ts';

/** The prepared branches of XA. */
export interface Branches {
  /** Names as XA ROLLBACK wants them, of those that no session has; null where our login may not read them. */
  readonly detached: readonly string[] | null;
  /** Whether some session may have a prepared one: on MariaDB, which does not tell whose it is. */
  readonly mayBeAttached: boolean;
}

const none: Branches = { detached: [], mayBeAttached: false };

/** Reads the prepared branches, where there is any transaction whose they could be. */
export async function readBranches(
  wire: Wire,
  variant: Variant,
  transactions: Transactions | null,
  readsEvents: boolean,
): Promise<Branches> {
  const isQuiet = transactions !== null && transactions.withoutSession.length === 0;
  if (isQuiet && (variant === 'mysql' || transactions.bySession.size === 0)) return none;
  const prepared = await askOrNull(wire, snapshotSql[variant].branches);
  if (prepared === null) return { detached: null, mayBeAttached: variant === 'mariadb' };
  if (variant === 'mysql')
    return toBranchesOnMysql(prepared, readsEvents ? await askOrNull(wire, attachedBranches) : null);
  const orphans = transactions?.withoutSession.length ?? 0;
  const names = prepared.map((row) => row['data'] ?? '');
  if (names.length === 0) return none;
  return {
    detached: transactions === null ? null : orphans === 0 ? [] : names,
    mayBeAttached: names.length > orphans,
  };
}

function toBranchesOnMysql(prepared: readonly Row[], attached: readonly Row[] | null): Branches {
  if (attached === null) return { detached: null, mayBeAttached: false };
  const names = new Set(attached.map(toAttachedName));
  return { detached: prepared.map(toName).filter((name) => !names.has(name)), mayBeAttached: false };
}

/** From XA RECOVER CONVERT XID: `0x613162` in hexadecimal, and the length of its first part. */
export function toName(row: Row): string {
  const data = (row['data'] ?? '').replace(/^0x/i, '');
  const cut = Number(row['gtrid_length'] ?? 0) * 2;
  return writeName(data.slice(0, cut), data.slice(cut), row['formatID'] ?? '1');
}

/** From performance_schema, which shows a part as text where it can be read, else as `0x00ff`. */
function toAttachedName(row: Row): string {
  const [first, second] = [row['gtrid'] ?? '', row['bqual'] ?? ''].map((part) =>
    /^0x(?:[\da-f]{2})+$/i.test(part) ? part.slice(2) : Buffer.from(part, 'latin1').toString('hex'),
  );
  return writeName(first ?? '', second ?? '', row['format_id'] ?? '1');
}

/** A name as XA ROLLBACK wants it, from two parts in hexadecimal: 'a1','b',7 where they can be read, else X'00ff',X'',7. */
function writeName(first: string, second: string, format: string): string {
  const named = format === '1' ? '' : `,${format}`;
  return second === '' && named === ''
    ? toLiteral(first)
    : `${toLiteral(first)},${toLiteral(second)}${named}`;
}

function toLiteral(hexadecimal: string): string {
  const text = Buffer.from(hexadecimal, 'hex').toString('latin1');
  return /^[\w .:/@+-]*$/.test(text) ? `'${text}'` : `X'${hexadecimal.toLowerCase()}'`;
}

/**
 * The transactions without a session, with the names that they may have: nothing tells which of several is whose, nor for
 * which of them somebody waits. Null where they could not be read.
 */
export function toDetached(
  transactions: Transactions | null,
  branches: Branches,
  byNobody: readonly Blocked[],
): readonly DetachedTransaction[] | null {
  if (transactions === null) return null;
  const ages = transactions.withoutSession;
  const { detached } = branches;
  if (detached === null)
    return byNobody.length > 0 ? [toOne('unknown', null, byNobody)] : ages.length > 0 ? null : [];
  if (detached.length > 1 && byNobody.length > 0) return [toOne(detached.join(' or '), null, byNobody)];
  const ageMs = ages.length === 1 ? (ages[0] ?? null) : null;
  return detached.map((name) => toOne(name, ageMs, byNobody));
}

/** Both parts of 64 bytes in hexadecimal, with their quotes and the format. */
const longestName = 290;

function toOne(name: string, ageMs: number | null, blocks: readonly Blocked[]): DetachedTransaction {
  return { kind: 'xa', name: name.slice(0, longestName), user: null, database: null, ageMs, blocks };
}
