/** A row as MySQL's SHOW PROCESSLIST gives it, and as pt-kill reads it. */
export interface ProcessRow {
  readonly Id: number;
  readonly User: string;
  readonly Host: string;
  readonly db: string | null;
  readonly Command: string;
  readonly Time: number;
  readonly State: string;
  readonly Info: string | null;
}

/** The conversion that docs/snapshot.md gives as a jq program. */
export function toSnapshotData(rows: readonly ProcessRow[]): object {
  return {
    schema: 'unleak.snapshot/1',
    engine: 'mysql',
    sessions: rows.map((row) => ({
      id: row.Id,
      kind: toKind(row),
      user: row.User,
      client: row.Host.replace(/:\d+$/, ''),
      database: row.db ?? '',
      state: row.Command === 'Sleep' ? 'idle' : 'active',
      stateMs: row.Time * 1_000,
      statement: row.Info ?? '',
    })),
  };
}

function toKind({ Command, User }: ProcessRow): string {
  if (/^Binlog Dump/.test(Command) || User === 'system user') return 'replication';
  return Command === 'Daemon' ? 'background' : 'client';
}

/** The wishes of a pt-kill command line that this project compares itself with. */
export interface PtKillOptions {
  readonly idleTime: number;
  readonly matchUser?: RegExp;
  readonly ignoreHost?: RegExp;
  readonly groupBy?: 'User' | 'db';
  readonly queryCount?: number;
  readonly victims: 'oldest' | 'all' | 'all-but-oldest';
}

/**
 * Whom pt-kill would end, by its manual: rows that are asleep for longer than --idle-time, of users that match and hosts
 * that are not ignored, never replication; in classes by --group-by that have at least --query-count rows; of each class
 * the oldest, all, or all but the oldest.
 */
export function toVictims(rows: readonly ProcessRow[], options: PtKillOptions): number[] {
  const matching = rows.filter((row) => isMatch(row, options));
  const classes = new Map<string, ProcessRow[]>();
  for (const row of matching) {
    const key = options.groupBy ? String(row[options.groupBy]) : '';
    classes.set(key, [...(classes.get(key) ?? []), row]);
  }
  return [...classes.values()]
    .filter((group) => group.length >= (options.queryCount ?? 1))
    .flatMap((group) =>
      pick(
        [...group].sort((a, b) => b.Time - a.Time || a.Id - b.Id),
        options.victims,
      ),
    )
    .map((row) => row.Id)
    .sort((a, b) => a - b);
}

function isMatch(row: ProcessRow, { idleTime, matchUser, ignoreHost }: PtKillOptions): boolean {
  if (row.Command !== 'Sleep' || row.User === 'system user' || row.Time <= idleTime) return false;
  if (ignoreHost?.test(row.Host)) return false;
  return matchUser === undefined || matchUser.test(row.User);
}

function pick(oldestFirst: readonly ProcessRow[], victims: PtKillOptions['victims']): readonly ProcessRow[] {
  if (victims === 'all') return oldestFirst;
  return victims === 'oldest' ? oldestFirst.slice(0, 1) : oldestFirst.slice(1);
}
