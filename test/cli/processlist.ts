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

/** The conversion that docs/reference/snapshot.md gives as a jq program. */
export function toSnapshotData(rows: readonly ProcessRow[]): object {
  return {
    schema: 'unleak.snapshot/1',
    engine: 'mysql',
    sessions: rows.map((row) => ({
      id: row.Id,
      user: row.User,
      client: row.Host.replace(/:\d+$/, ''),
      database: row.db ?? '',
      kind: toKind(row),
      state: toState(row),
      stateMs: row.Time * 1_000,
      statement: row.Info ?? '',
      serverState: row.State,
      waitsForLock: waitsForLock(row),
    })),
  };
}

function toKind({ Command, User }: ProcessRow): string {
  if (/^Binlog Dump/.test(Command) || User === 'system user') return 'replication';
  return Command === 'Daemon' ? 'background' : 'client';
}

/** Who is on the way in or out is at no work that a rule could speak of. */
function toState({ Command }: ProcessRow): string {
  if (['Connect', 'Quit', 'Killed', 'Error', 'Shutdown', 'Daemon'].includes(Command)) return 'other';
  return Command === 'Sleep' ? 'idle' : 'active';
}

/** As far as STATE tells: waits for InnoDB's rows do not show in it. */
function waitsForLock({ State }: ProcessRow): boolean {
  return /^(?:User lock|Waiting for (?:table flush|.*lock))$/.test(State);
}

/** The wishes of a pt-kill command line that this project compares itself with. */
export interface PtKillOptions {
  readonly idleTime?: number;
  readonly busyTime?: number;
  readonly matchCommand?: RegExp;
  readonly matchState?: RegExp;
  readonly matchUser?: RegExp;
  readonly ignoreHost?: RegExp;
  readonly groupBy?: 'User' | 'db';
  readonly queryCount?: number;
  readonly victims: 'oldest' | 'all' | 'all-but-oldest';
}

/**
 * Whom pt-kill ends (measured on 3.2.1): never replication and what is ignored. A limit is reached, not exceeded: --idle-time 600 takes
 * Time = 600. A limit only judges rows of its own command: with --idle-time, a running Query of a user that matches is taken as well.
 * In classes by --group-by that have at least --query-count rows; of each class the oldest, all, or all but the oldest.
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

function isMatch(row: ProcessRow, options: PtKillOptions): boolean {
  if (row.User === 'system user' || /^Binlog Dump/.test(row.Command)) return false;
  const answers = [
    options.idleTime !== undefined && row.Command === 'Sleep' ? row.Time >= options.idleTime : null,
    options.busyTime !== undefined && row.Command === 'Query' ? row.Time >= options.busyTime : null,
    options.matchUser?.test(row.User) ?? null,
    options.matchCommand?.test(row.Command) ?? null,
    options.matchState?.test(row.State) ?? null,
  ];
  if (options.ignoreHost?.test(row.Host)) return false;
  return answers.includes(true) && !answers.includes(false);
}

function pick(oldestFirst: readonly ProcessRow[], victims: PtKillOptions['victims']): readonly ProcessRow[] {
  if (victims === 'all') return oldestFirst;
  return victims === 'oldest' ? oldestFirst.slice(0, 1) : oldestFirst.slice(1);
}

/** The same wishes as pt-kill's own command line. */
export function toArguments(options: PtKillOptions): readonly string[] {
  const values: readonly (readonly [flag: string, value: string | number | undefined])[] = [
    ['--idle-time', options.idleTime],
    ['--busy-time', options.busyTime],
    ['--match-user', options.matchUser?.source],
    ['--match-command', options.matchCommand?.source],
    ['--match-state', options.matchState?.source],
    ['--ignore-host', options.ignoreHost?.source],
    ['--group-by', options.groupBy],
    ['--query-count', options.queryCount],
    ['--victims', options.victims],
  ];
  return values.flatMap(([flag, value]) => (value === undefined ? [] : [flag, String(value)]));
}

/** Rows as `SHOW PROCESSLIST\\G` prints them, which pt-kill reads with --test-matching. */
export function toVerticalText(rows: readonly ProcessRow[]): string {
  const names = ['Id', 'User', 'Host', 'db', 'Command', 'Time', 'State', 'Info'] as const;
  return rows
    .map((row, index) => {
      const stars = '*'.repeat(27);
      const lines = names.map((name) => `${name.padStart(7)}: ${String(row[name] ?? 'NULL')}`);
      return `${stars} ${index + 1}. row ${stars}\n${lines.join('\n')}\n`;
    })
    .join('');
}
