import type { Row } from './row.ts';

/** A value that no server of this kind gives; it is quoted nowhere. */
export class NotAsAsked extends Error {
  constructor(column: string) {
    super(`the column ${column} holds what no server gives it`);
    this.name = 'NotAsAsked';
  }
}

const digits = /^\d{1,20}$/;
const number = /^-?\d{1,20}(?:\.\d{1,9})?$/;
const flag = /^[01]$/;
const columns = (names: string, shape: RegExp) => names.split(' ').map((name) => [name, shape] as const);

/** The columns that our statements name themselves and that are more than text, and what each may hold. */
const shapes: ReadonlyMap<string, RegExp> = new Map([
  ...columns('id waiter blocker lock_holder thread event query_id', digits),
  ...columns('locks locks_lost now_ps started_ps ended_ps transaction_ps', digits),
  ...columns('seconds login_seconds time_ms waiting_ms age_ms attributes_size', number),
  ...columns('most most_per_user used wait_timeout interactive_timeout idle_transaction_timeout', number),
  ...columns('has_events attributes_whole threads_lost statement_cut ended', flag),
  ...columns('statements transactions ours fresh rolling_back waiting of_user is_super', flag),
  ['version', /^[\x20-\x7e]{1,120}$/],
  ['taken_at', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/],
]);
/** Texts are cut by our statements; SHOW GRANTS and lists of roles may be long. */
const longestText = 65_536;

/** The rows themselves; throws NotAsAsked when a value is none that a server gives: ids, times and numbers reach people as they are. */
export function checkRows(rows: readonly Row[]): readonly Row[] {
  for (const row of rows)
    for (const [column, value] of Object.entries(row)) {
      const shape = shapes.get(column);
      if (value !== null && (shape ? !shape.test(value) : value.length > longestText))
        throw new NotAsAsked(shape ? column : 'of a text');
    }
  return rows;
}
