import { writeDuration } from '../../contract/duration.ts';
import type { Preset } from '../../contract/preset.ts';
import { cleanText } from '../text/clean-text.ts';
import { formatDuration } from '../text/format-duration.ts';
import type { Session } from '../model/session.ts';
import { type Snapshot, usableSlots } from '../model/snapshot.ts';
import type { Finding } from './finding.ts';
import { groupBy } from '../group-by.ts';
import { type Pool, poolsOf } from './pools.ts';
import { presetFor, settingOf } from './programs.ts';
import { countSessions, type Situation } from './situation.ts';

/** From here on what programs may open together is worth a word. */
const near = 0.8;
/** Fewer connections than this may be of such ages by chance. */
const leastSessions = 8;
/** What was used within this time is in use. */
const freshMs = 60_000;

/**
 * Programs that keep each connection up to one age (CONN_MAX_AGE in effect), where as many as they may open together do
 * not fit, or nearly not. One snapshot shows a ceiling, not its cause: without a preset that names it, only possibly.
 */
export function findRecycledConnections({ snapshot, presets }: Situation): Finding[] {
  return poolsOf(snapshot.sessions).flatMap((pool) => {
    const sum = sumOf(pool, snapshot);
    const ages = isInUse(pool.sessions) ? agesOf(pool.sessions, snapshot.sessions) : null;
    if (ages === null || sum === null || sum.total < usableSlots(snapshot.capacity) * near) return [];
    const preset = pool.sessions[0] ? presetFor(presets, pool.sessions[0]) : null;
    const setting = describeSetting(preset, ages.oldestMs);
    return [
      {
        code: 'recycled-connections',
        severity: 'info',
        certainty: setting === null ? 'possible' : 'likely',
        who: { user: clean(pool.user), application: clean(pool.application), client: null },
        title: `${pool.name} keeps a connection for each worker or thread, and all together hardly fit.`,
        evidence: `${countSessions(pool.sessions.length)} in use, ${formatDuration(ages.youngestMs)} to ${formatDuration(ages.oldestMs)} old and none older, while others live up to ${formatDuration(ages.othersMs)}${setting ?? ''}. ${sum.words}`,
        advice:
          'hosts x processes x threads must fit into max_connections, twice where a deploy starts new hosts before it stops the old. Run fewer processes or threads, set CONN_MAX_AGE = 0 (each request connects again) or put a pooler between; raise max_connections last.',
      } satisfies Finding,
    ];
  });
}

function clean(text: string | null): string | null {
  return text && cleanText(text, 64);
}

/** Only where work goes on is an age that nobody passes a setting and not chance: half were used just now. */
function isInUse(sessions: readonly Session[]): boolean {
  const fresh = sessions.filter(({ state, stateMs }) => state === 'active' || (stateMs ?? freshMs) < freshMs);
  return fresh.length * 2 >= sessions.length;
}

/**
 * The ages of connections that something recycles: of every age up to a ceiling, as a restart of the program would not leave them,
 * and others on the server twice as old; null where they are not like that, or not known (MySQL).
 */
function agesOf(sessions: readonly Session[], all: readonly Session[]) {
  const ages = sessions.flatMap(({ openMs }) => (openMs === null ? [] : [openMs])).sort((a, b) => a - b);
  const othersMs = all.reduce(
    (most, { kind, openMs }) => Math.max(most, kind === 'client' ? (openMs ?? 0) : 0),
    0,
  );
  const [youngestMs = 0, oldestMs = 0] = [ages[0], ages.at(-1)];
  if (ages.length < Math.max(leastSessions, sessions.length) || oldestMs * 2 > othersMs) return null;
  const young = ages.filter((ageMs) => ageMs * 2 < oldestMs).length;
  const isSpread = young * 4 >= ages.length && young * 4 <= ages.length * 3;
  return isSpread ? { youngestMs, oldestMs, othersMs } : null;
}

/** The setting that makes such a ceiling, where a preset names it and the ages agree with it. */
function describeSetting(preset: Preset | null, oldestMs: number): string | null {
  if (!preset?.keptMs || preset.keptBy !== 'age') return null;
  const agrees = oldestMs * 2 > preset.keptMs && oldestMs <= preset.keptMs + preset.workMs;
  return agrees ? `: ${settingOf(preset)} (${writeDuration(preset.keptMs)}) at work` : null;
}

/** As many as the fullest host has, on every host, beside all others; null where the hosts are not known. */
function sumOf(
  { sessions }: Pool,
  { capacity }: Snapshot,
): { readonly total: number; readonly words: string } | null {
  if (sessions.some(({ client }) => client === null)) return null;
  const hosts = [...groupBy(sessions, ({ client }) => client).values()].map(({ length }) => length);
  const most = Math.max(...hosts);
  const others = Math.max(0, capacity.used - sessions.length);
  const slots = usableSlots(capacity);
  const total = most * hosts.length + others;
  const words = `${hosts.length} ${hosts.length === 1 ? 'host' : 'hosts'} x up to ${most} = ${most * hosts.length}, beside ${others} others: ${total} of ${slots} slots (${Math.round((total / slots) * 100)}%).`;
  return { total, words };
}
