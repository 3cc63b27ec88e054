import type { History } from '../../functions/core/history/history.ts';
import { pointsForMs } from '../../functions/core/history/point.ts';
import { toInstant } from '../../functions/core/text/instants.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { Console } from '../terminal/console.ts';
import { toJson } from '../terminal/to-json.ts';
import { openHistory } from '../store/open-history.ts';
import { printHistory } from './print-history.ts';
import { chooseHistoryTarget, readHistory } from '../store/read-history.ts';

/** The options of `unleak history`. */
export interface HistoryOptions {
  readonly since: number;
  readonly history?: string;
  readonly csv?: true;
  readonly json?: true;
}

/** Shows points, or hours where it goes back beyond them. */
export async function history(
  name: string | undefined,
  options: HistoryOptions,
  console: Console,
): Promise<ExitCode> {
  const store = await openHistory(options.history, console);
  const target = await chooseHistoryTarget(store, name, console.interrupted);
  const { since, hours } = cut(await readHistory(store, target, console.interrupted), options.since);
  const { screen } = console;
  if (options.json) screen.print(toJson(toHistoryJson(target, since)));
  else if (options.csv) screen.print(...(hours ? hoursCsv(since) : pointsCsv(since)));
  else printHistory(screen, target, since, hours);
  return exitCodes.fine;
}

/** What lies within a time before the last sweep; `hours`: whether it is more than the points hold. */
function cut(history: History, sinceMs: number): { readonly since: History; readonly hours: boolean } {
  const fromMs = (history.points.at(-1)?.atMs ?? history.hours.at(-1)?.atMs ?? 0) - sinceMs;
  const points = history.points.filter(({ atMs }) => atMs >= fromMs);
  const hours = history.hours.filter(({ atMs }) => atMs >= fromMs);
  return { since: { ...history, points, hours }, hours: sinceMs > pointsForMs };
}

function toHistoryJson(target: string, { points, hours, ledger }: History) {
  return {
    schema: 'unleak.history-view/1',
    target,
    points: points.map(({ atMs, ...point }) => ({ at: toInstant(atMs), ...point })),
    hours: hours.map(({ atMs, ...hour }) => ({ at: toInstant(atMs), ...hour })),
    usedAgain: ledger.usedAgain.map(({ chosenAtMs, seenAtMs, ...each }) => ({
      chosenAt: toInstant(chosenAtMs),
      seenAt: toInstant(seenAtMs),
      ...each,
    })),
  };
}

function pointsCsv({ points }: History): readonly string[] {
  const rows = points.map((point) =>
    [
      toInstant(point.atMs),
      point.used,
      point.max,
      point.ended,
      point.wouldEnd,
      Number(point.isNewServer),
    ].join(','),
  );
  return ['at,used,max,ended,would_end,new_server', ...rows];
}

function hoursCsv({ hours }: History): readonly string[] {
  const rows = hours.map(({ atMs, sweeps, used, slots, ended }) =>
    [toInstant(atMs), sweeps, used.min, used.median, used.max, slots, ended].join(','),
  );
  return ['at,sweeps,used_min,used_median,used_max,max,ended', ...rows];
}
