import { type HistoryFile, historySchemaName } from '../../contract/history-file.ts';
import type { Growing } from './growth/growing.ts';
import type { History } from './history.ts';
import { type Hour, hourMs } from './hour.ts';
import type { Choice, DayCount, Followed, Refill, Settled } from './ledger.ts';
import { createNameTable, type NameTable } from './name-table.ts';
import type { Point } from './point.ts';
import { type Program, programKey } from './program.ts';

interface Tables {
  readonly programs: NameTable<Program>;
  readonly rules: NameTable<string>;
  readonly policies: NameTable<string>;
  readonly states: NameTable<string>;
}

/** A history as it is stored. */
export function toHistoryFile(history: History): HistoryFile {
  const same = (name: string) => name;
  const tables: Tables = {
    programs: createNameTable(programKey),
    rules: createNameTable(same),
    policies: createNameTable(same),
    states: createNameTable(same),
  };
  const { ledger, points, hours } = history;
  const facts = {
    points: points.map((point) => fromPoint(point, tables)),
    hours: hours.map((hour) => fromHour(hour, tables)),
    followed: ledger.followed.map((each) => fromFollowed(each, tables)),
    days: ledger.days.map((each) => fromDay(each, tables)),
    usedAgain: ledger.usedAgain.map((each) => fromSettled(each, tables)),
    refills: ledger.refills.map((each) => fromRefill(each, tables)),
    growing: history.growing.map((each) => fromGrowing(each, tables)),
  };
  const { programs, rules, policies, states } = tables;
  return {
    schema: historySchemaName,
    programs: programs.names.map(({ user, application }) => [user, application]),
    rules: [...rules.names],
    policies: [...policies.names],
    states: [...states.names],
    ...facts,
    serverStart: history.serverStartMs,
    recordedAt: history.recordedAtMs,
    notification: history.notification && plain(history.notification),
  };
}

function fromPoint(point: Point, { programs, states }: Tables): HistoryFile['points'][number] {
  for (const state of Object.keys(point.states)) states.indexOf(state);
  const { atMs, sweep, used, max, ended, wouldEnd, isNewServer } = point;
  return [
    [atMs / 1_000, sweep, used, max, ended, wouldEnd, Number(isNewServer)],
    states.names.map((state) => (Object.hasOwn(point.states, state) ? (point.states[state] ?? 0) : 0)),
    point.programs.flatMap((each) => [programs.indexOf(each), each.total, each.idle]),
  ];
}

function fromHour(
  { atMs, sweeps, used, slots, ended, programs: some }: Hour,
  { programs }: Tables,
): HistoryFile['hours'][number] {
  return [
    [atMs / hourMs, sweeps, used.min, used.median, used.max, slots, ended],
    some.flatMap((each) => [programs.indexOf(each), each.idle.min, each.idle.median, each.idle.max]),
  ];
}

function fromChoice(choice: Choice, { programs, rules, policies }: Tables): HistoryFile['days'][number][0] {
  const { policy, rule, mode } = choice;
  return [
    policies.indexOf(policy),
    rules.indexOf(rule),
    mode === 'enforce' ? 1 : 0,
    programs.indexOf(choice),
  ];
}

function fromFollowed(each: Followed, tables: Tables): HistoryFile['followed'][number] {
  const { id, connection, use, action, chosenAtMs, idleMs } = each;
  return {
    of: fromChoice(each, tables),
    ...{ id, connection, use },
    ...(action === 'cancel' && { cancel: 1 }),
    at: chosenAtMs,
    idle: Math.round(idleMs),
  };
}

function fromSettled(each: Settled, tables: Tables): HistoryFile['usedAgain'][number] {
  return { ...fromFollowed(each, tables), seen: each.seenAtMs, after: Math.round(each.afterMs ?? 0) };
}

function fromDay(each: DayCount, tables: Tables): HistoryFile['days'][number] {
  const { day, chosen, ended, left, usedAgain, unfollowed, afterMs, longestSilenceMs } = each;
  const times = [Math.round(afterMs), Math.round(longestSilenceMs)] as const;
  return [fromChoice(each, tables), [day, chosen, ended, left, usedAgain, unfollowed, ...times]];
}

function fromRefill(
  { atMs, rule, ended, reopened, ...program }: Refill,
  { rules, programs }: Tables,
): HistoryFile['refills'][number] {
  return [atMs, rules.indexOf(rule), programs.indexOf(program), ended, reopened ?? -1];
}

function fromGrowing({ program, forecast, ...episode }: Growing, { programs }: Tables): StoredGrowth {
  const { sinceMs, grewMs, endedMs, rise, level } = episode;
  return {
    of: program && programs.indexOf(program),
    ...{ since: sinceMs, grew: grewMs, ended: endedMs, rise, level },
    forecast: { ...forecast },
  };
}

type StoredGrowth = NonNullable<HistoryFile['growing']>[number];

function plain(state: NonNullable<History['notification']>): HistoryFile['notification'] {
  const { sent, held, ...rest } = state;
  return {
    ...rest,
    ...(sent && { sent: sent.map((each) => ({ ...each, urgent: [...each.urgent] })) }),
    ...(held !== undefined && { held }),
  };
}
