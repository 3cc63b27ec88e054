import { askOrNull } from '../connection/ask-or-null.ts';
import type { Seen } from './raw-session.ts';
import type { Variant } from '../connection/server.ts';
import { locksByEvents, locksByPlugin, temporaryTables } from './snapshot-sql.ts';
import type { Row } from '../connection/row.ts';
import type { Wire } from '../connection/wire.ts';

/**
 * What a lock on a table says of its holder: `own` is never a mere statement's or transaction's (LOCK TABLES, HANDLER), `asleep`
 * is a DDL statement's as well unless its session sleeps (FLUSH … WITH READ LOCK), `any` unless it has no transaction.
 */
export type TableHold = 'own' | 'asleep' | 'any';

/** Who holds what outlives statements, by connection id; null where it could not be read. */
export interface Holders {
  readonly user: ReadonlySet<string> | null;
  readonly backup: ReadonlySet<string> | null;
  readonly table: ReadonlyMap<string, ReadonlySet<TableHold>> | null;
  /** Who has temporary tables in InnoDB; MariaDB shows nobody's. */
  readonly temporary: ReadonlySet<string> | null;
}

/** Where locks can be read: performance_schema, MariaDB's plugin, or nowhere. */
export type LockSource = 'events' | 'plugin' | 'none';

/** Reads the holders from whatever source shows them. */
export async function readHolders(
  wire: Wire,
  variant: Variant,
  recordsLocks: boolean,
): Promise<Holders & { readonly source: LockSource }> {
  const temporary = variant === 'mysql' ? await readIds(wire, temporaryTables) : new Set<string>();
  const byEvents = recordsLocks ? await askOrNull(wire, locksByEvents) : null;
  if (byEvents !== null) return { ...toHolders(byEvents), temporary, source: 'events' };
  const byPlugin = variant === 'mariadb' ? await askOrNull(wire, locksByPlugin) : null;
  if (byPlugin !== null) return { ...toHolders(byPlugin), temporary, source: 'plugin' };
  return { user: null, backup: null, table: null, temporary, source: 'none' };
}

async function readIds(wire: Wire, question: string): Promise<ReadonlySet<string> | null> {
  const rows = await askOrNull(wire, question);
  return rows && new Set(rows.map((row) => row['id'] ?? ''));
}

function toHolders(rows: readonly Row[]): Pick<Holders, 'user' | 'backup' | 'table'> {
  const idsOf = (kind: string) =>
    new Set(rows.filter((row) => row['kind'] === kind).map((row) => row['id'] ?? ''));
  const table = new Map<string, Set<TableHold>>();
  for (const hold of ['own', 'asleep', 'any'] as const)
    for (const id of idsOf(hold)) table.set(id, (table.get(id) ?? new Set<TableHold>()).add(hold));
  return { user: idsOf('user'), backup: idsOf('backup'), table };
}

/** Whether a session has a lock on a table that ends with it; null where nothing tells. */
export function holdsTable(seen: Seen, isInTransaction: boolean | null, { table }: Holders): boolean | null {
  if (table === null) return null;
  const holds = table.get(seen.id);
  if (holds === undefined) return false;
  if (holds.has('own')) return true;
  if (seen.command !== 'Sleep') return false;
  return holds.has('asleep') || (holds.has('any') && isInTransaction === false);
}
