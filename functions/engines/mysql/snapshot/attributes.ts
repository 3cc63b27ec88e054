import type { Row } from '../connection/row.ts';

/** What a client said of itself when it connected: `program_name`, `_pid` and the like. */
export type Attributes = Readonly<Record<string, string>>;

/** Gathers the attributes of each session. */
export function toAttributes(rows: readonly Row[]): ReadonlyMap<string, Attributes> {
  const all = new Map<string, Record<string, string>>();
  for (const row of rows) {
    const id = row['id'] ?? '';
    const own = all.get(id) ?? {};
    own[row['name'] ?? ''] = row['value'] ?? '';
    all.set(id, own);
  }
  return all;
}
