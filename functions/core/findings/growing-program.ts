import type { GrowthCertainty } from '../history/growth/certainty.ts';
import type { Growing } from '../history/growth/growing.ts';
import { programKey, programOf } from '../history/program.ts';
import { idleFromMs } from '../history/point.ts';
import type { Session } from '../model/session.ts';
import { type ConnectionLimit, type Snapshot, usableSlots } from '../model/snapshot.ts';
import { defangName } from '../text/defang.ts';
import { toInstant } from '../text/instants.ts';
import { toClock, toPace } from '../text/pace.ts';
import type { Finding } from './finding.ts';
import { presetFor } from './programs.ts';
import { describeLettingGo } from './remedies.ts';
import type { Situation } from './situation.ts';
import { describeTrail } from './trail.ts';

const certainties: Readonly<Record<GrowthCertainty, Finding['certainty']>> = {
  likely: 'possible',
  'very likely': 'likely',
  'almost certain': 'likely',
};

/** Programs whose resting connections grow beyond what is usual, and when the server or a narrower limit is full. */
export function findGrowing({ snapshot, growing = [], presets }: Situation): Finding[] {
  return growing.map((each) => {
    const own = sessionsOf(snapshot, each);
    const resting = own.filter(isResting);
    const [example] = resting;
    const preset = example ? presetFor(presets, example) : null;
    const { program } = each;
    return {
      code: 'growing-program',
      severity: 'warning',
      certainty: certainties[each.forecast.certainty],
      ...(program && { who: { ...program, client: null } }),
      title: `${nameGrowing(each)} has grown by ${describePace(each.forecast.rate)} since about ${toMinute(each.sinceMs)}.`,
      evidence: `${describeUse(snapshot, each, own, resting)} ${whenFull(each)}${narrower(snapshot, each)}`,
      advice: program
        ? describeLettingGo(preset?.preset ?? null)
        : 'Compare its programs with those of the day before: no single one of them stands out.',
    } satisfies Finding;
  });
}

/** `Application celery of user shop`, `User shop`, `The server`. */
function nameGrowing({ program }: Pick<Growing, 'program'>): string {
  if (program === null) return 'The server';
  const { user, application } = program;
  const who = user === null ? '(unknown)' : defangName(user);
  return application ? `Application ${defangName(application)} of user ${who}` : `User ${who}`;
}

/** `6 connections an hour`. */
function describePace(rate: number): string {
  const pace = toPace(rate);
  return `${pace} ${pace === '1' ? 'connection' : 'connections'} an hour`;
}

function describeUse(
  { capacity }: Snapshot,
  { program }: Growing,
  own: readonly Session[],
  resting: readonly Session[],
): string {
  const used = `${capacity.used} of ${usableSlots(capacity)} slots are taken`;
  return program
    ? `${used}, ${own.length} of them by it, ${resting.length} of those idle for over 30 minutes${describeTrail(resting)}.`
    : `${used}.`;
}

function whenFull({ forecast: { fullAtMs, fullFromMs, fullUntilMs, certainty } }: Growing): string {
  return `At this pace the server is full at about ${toMinute(fullAtMs)} (between ${toMinute(fullFromMs)} and ${toMinute(fullUntilMs)}), ${certainty}.`;
}

/** The limit of its user that is reached before the server's. */
function narrower({ capacity }: Snapshot, { program, forecast }: Growing): string {
  const own = capacity.limits.filter(({ kind, name }) => kind !== 'database' && name === program?.user);
  const [first] = own.toSorted((a, b) => roomOf(a) - roomOf(b));
  if (!first || roomOf(first) >= capacity.maxConnections - capacity.reserved - capacity.used) return '';
  const hours = Math.max(0, roomOf(first) / forecast.rate);
  const pace = hours < 1 ? 'within the hour' : `in about ${Math.round(hours)} h`;
  return ` Its ${first.kind}'s own limit of ${first.limit} is reached before, ${pace}.`;
}

function roomOf({ limit, used }: ConnectionLimit): number {
  return limit - used;
}

function sessionsOf({ sessions }: Snapshot, { program }: Growing): readonly Session[] {
  if (program === null) return [];
  const key = programKey(program);
  return sessions.filter((each) => each.kind === 'client' && programKey(programOf(each)) === key);
}

function isResting({ state, stateMs }: Session): boolean {
  return state === 'idle' && (stateMs ?? 0) > idleFromMs;
}

function toMinute(atMs: number): string {
  return toClock(toInstant(atMs));
}
