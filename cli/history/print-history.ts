import type { History } from '../../functions/core/history/history.ts';
import { hourMs } from '../../functions/core/history/hour.ts';
import { nameProgram } from '../../functions/core/history/judge-proof.ts';
import { programKey } from '../../functions/core/history/program.ts';
import { formatInstant } from '../../functions/core/notify/sections/format-instant.ts';
import { toInstant } from '../../functions/core/text/instants.ts';
import { toName } from '../../functions/core/text/to-name.ts';
import type { Screen } from '../terminal/screen.ts';
import { toSparkline } from '../terminal/sparkline.ts';
import { toTable } from '../terminal/table.ts';

/** Time in columns of equal length, so that a gap in the sweeps shows as a gap. */
interface Timeline {
  readonly fromMs: number;
  readonly stepMs: number;
  readonly columns: number;
}

/** Connections and ends over time, and the programs that rest. */
export function printHistory(screen: Screen, target: string, history: History, hours: boolean): void {
  const { bold, dim } = screen.style;
  const seen = hours
    ? history.hours.map(({ atMs, used, slots, ended }) => ({ atMs, used: used.max, max: slots, ended }))
    : history.points;
  const [first, last] = [seen[0], seen.at(-1)];
  if (!first || !last) {
    screen.print(`Nothing is remembered of ${toName(target)} in that time.`);
    return;
  }
  const timeline = toTimeline(first.atMs, last.atMs, Math.min(screen.columns - 24, 100), hours);
  const top = Math.max(...seen.map(({ max }) => max));
  const peak = Math.max(...seen.map(({ used }) => used));
  const ended = seen.reduce((sum, each) => sum + each.ended, 0);
  screen.print(
    bold(`${toName(target)}, ${formatInstant(whole(first.atMs))} to ${formatInstant(whole(last.atMs))}`),
    `connections ${toSparkline(
      spread(seen, timeline, ({ used }) => used),
      top,
      timeline.columns,
    )} ${last.used} of ${last.max}, peak ${peak}`,
    `ended       ${toSparkline(
      spread(seen, timeline, (each) => each.ended),
      Math.max(1, ...seen.map((each) => each.ended)),
      timeline.columns,
    )} ${ended}`,
    '',
  );
  const restarts = history.points.filter(({ isNewServer }) => isNewServer);
  for (const { atMs } of restarts)
    screen.print(dim(`Restarted or failed over before ${formatInstant(whole(atMs))}.`));
  printPrograms(screen, history, timeline);
}

function printPrograms(screen: Screen, { points }: History, timeline: Timeline): void {
  const last = points.at(-1);
  if (!last || last.programs.length === 0) return;
  const rows = last.programs.map((program) => {
    const key = programKey(program);
    const idleOf = (point: History['points'][number]) =>
      point.programs.find((each) => programKey(each) === key)?.idle ?? 0;
    const most = Math.max(1, ...points.map(idleOf));
    const line = toSparkline(spread(points, timeline, idleOf), most, 30);
    return [nameProgram(program), String(program.total), String(program.idle), line];
  });
  const columns = [
    { heading: 'program', most: 50 },
    { heading: 'sessions', most: 9, align: 'right' },
    { heading: 'idle > 30m', most: 10, align: 'right' },
    { heading: 'idle > 30m over time', most: 30 },
  ] as const;
  screen.print(...toTable(columns, rows));
}

function toTimeline(fromMs: number, untilMs: number, most: number, hours: boolean): Timeline {
  const leastMs = hours ? hourMs : 5 * 60_000;
  const stepMs = Math.max(leastMs, Math.ceil((untilMs - fromMs + 1) / most));
  return { fromMs, stepMs, columns: Math.max(1, Math.ceil((untilMs - fromMs + 1) / stepMs)) };
}

/** The largest value of each column; null where nothing was seen. */
function spread<T extends { readonly atMs: number }>(
  seen: readonly T[],
  { fromMs, stepMs, columns }: Timeline,
  valueOf: (each: T) => number,
): readonly (number | null)[] {
  const values = Array.from({ length: columns }, (): number | null => null);
  for (const each of seen) {
    const column = Math.floor((each.atMs - fromMs) / stepMs);
    if (column >= 0 && column < columns) values[column] = Math.max(values[column] ?? 0, valueOf(each));
  }
  return values;
}

function whole(atMs: number): string {
  return toInstant(Math.floor(atMs / 1_000) * 1_000);
}
