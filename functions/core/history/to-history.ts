import type { HistoryFile } from '../../contract/history-file.ts';
import type { Growing } from './growth/growing.ts';
import type { History } from './history.ts';
import { type Hour, hourMs } from './hour.ts';
import type { Choice, DayCount, Followed, Refill, Settled } from './ledger.ts';
import type { Point } from './point.ts';
import type { Program } from './program.ts';

/** A history from what was stored; null where a number refers to a name that is not there, so that somebody else wrote it. */
export function toHistory(file: HistoryFile): History | null {
  const missing = new Set<string>();
  const read = <T>(names: readonly T[], index: number | undefined, none: T): T => {
    const name = index === undefined ? undefined : names[index];
    if (name === undefined) missing.add(String(index));
    return name ?? none;
  };
  const names: Names = {
    program: (index) => {
      const [user, application] = read(file.programs, index, [null, null]);
      return { user, application };
    },
    rule: (index) => read(file.rules, index, ''),
    policy: (index) => read(file.policies, index, ''),
    state: (index) => read(file.states, index, ''),
  };
  const history: History = {
    points: file.points.map((each) => toPoint(each, names)),
    hours: file.hours.map((each) => toHour(each, names)),
    ledger: {
      followed: file.followed.map((each) => toFollowed(each, names)),
      days: file.days.map((each) => toDay(each, names)),
      usedAgain: file.usedAgain.map((each) => toSettled(each, names)),
      refills: file.refills.map((each) => toRefill(each, names)),
    },
    growing: (file.growing ?? []).map((each) => toGrowing(each, names)),
    serverStartMs: file.serverStart,
    recordedAtMs: file.recordedAt,
    notification: file.notification,
  };
  return missing.size === 0 ? history : null;
}

interface Names {
  readonly program: (index: number | undefined) => Program;
  readonly rule: (index: number) => string;
  readonly policy: (index: number) => string;
  readonly state: (index: number) => string;
}

function toPoint([facts, counts, programs]: HistoryFile['points'][number], names: Names): Point {
  const [at, sweep, used, max, ended, wouldEnd, isNewServer] = facts;
  const states = counts.flatMap((sessions, index) =>
    sessions > 0 ? [[names.state(index), sessions] as const] : [],
  );
  return {
    ...{ atMs: at * 1_000, sweep, used, max, ended, wouldEnd },
    isNewServer: isNewServer !== 0,
    states: Object.fromEntries(states),
    programs: inRuns(programs, 3).map(([index, total = 0, idle = 0]) => ({
      ...names.program(index),
      total,
      idle,
    })),
  };
}

function toHour([facts, programs]: HistoryFile['hours'][number], names: Names): Hour {
  const [hour, sweeps, min, median, max, slots, ended] = facts;
  return {
    ...{ atMs: hour * hourMs, sweeps, used: { min, median, max }, slots, ended },
    programs: inRuns(programs, 4).map(([index, least = 0, middle = 0, most = 0]) => ({
      ...names.program(index),
      idle: { min: least, median: middle, max: most },
    })),
  };
}

function inRuns(values: readonly number[], length: number): readonly (readonly number[])[] {
  return Array.from({ length: Math.ceil(values.length / length) }, (_each, run) =>
    values.slice(run * length, (run + 1) * length),
  );
}

function toChoice([policy, rule, mode, program]: HistoryFile['days'][number][0], names: Names): Choice {
  return {
    ...names.program(program),
    policy: names.policy(policy),
    rule: names.rule(rule),
    mode: mode === 1 ? 'enforce' : 'dry-run',
  };
}

function toFollowed(each: HistoryFile['followed'][number], names: Names): Followed {
  const { of, id, connection, use, cancel, at, idle } = each;
  return {
    ...toChoice(of, names),
    ...{ id, connection, use },
    action: cancel === 1 ? 'cancel' : 'terminate',
    ...{ chosenAtMs: at, idleMs: idle },
  };
}

function toSettled(each: HistoryFile['usedAgain'][number], names: Names): Settled {
  return { ...toFollowed(each, names), fate: 'usedAgain', seenAtMs: each.seen, afterMs: each.after };
}

function toDay([of, counts]: HistoryFile['days'][number], names: Names): DayCount {
  const [day, chosen, ended, left, usedAgain, unfollowed, afterMs, longestSilenceMs] = counts;
  return {
    ...toChoice(of, names),
    day,
    chosen,
    ended,
    left,
    usedAgain,
    unfollowed,
    afterMs,
    longestSilenceMs,
  };
}

function toRefill(
  [atMs, rule, program, ended, reopened]: HistoryFile['refills'][number],
  names: Names,
): Refill {
  return {
    ...names.program(program),
    ...{ atMs, rule: names.rule(rule), ended },
    reopened: reopened === -1 ? null : reopened,
  };
}

function toGrowing(each: NonNullable<HistoryFile['growing']>[number], names: Names): Growing {
  const { of, since, grew, ended, rise, level, forecast } = each;
  const program = of === null ? null : names.program(of);
  return { program, sinceMs: since, grewMs: grew, endedMs: ended, rise, level, forecast };
}
