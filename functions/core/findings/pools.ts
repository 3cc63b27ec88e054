import { cleanText } from '../clean-text.ts';
import { formatDuration } from '../format-duration.ts';
import type { Session } from '../session.ts';
import { groupBy } from './group-by.ts';

/** The client sessions of one user and application, whatever host they come from. */
export interface Pool {
  readonly user: string | null;
  readonly application: string | null;
  readonly sessions: readonly Session[];
  /** `application shop-web of user shop`, harmless to print. */
  readonly name: string;
  /** `1 host`, `3 hosts`. */
  readonly hosts: string;
}

/** Who holds the connections, the largest first. */
export function poolsOf(sessions: readonly Session[]): readonly Pool[] {
  const groups = groupBy(
    sessions.filter(({ kind }) => kind === 'client'),
    ({ user, application }) => JSON.stringify([user, application]),
  );
  const pools = [...groups.values()].map(toPool);
  return pools.sort((a, b) => b.sessions.length - a.sessions.length || (a.name < b.name ? -1 : 1));
}

function toPool(sessions: readonly Session[]): Pool {
  const { user = null, application = null } = sessions[0] ?? {};
  const hosts = new Set(sessions.map(({ client }) => client)).size;
  const who = user === null ? '(unknown)' : cleanText(user, 64);
  const name = application ? `Application ${cleanText(application, 64)} of user ${who}` : `User ${who}`;
  return { user, application, sessions, name, hosts: hosts === 1 ? '1 host' : `${hosts} hosts` };
}

const mostShown = 3;
/** Fewer connections than this may be young by chance. */
const leastForAge = 8;

/** The largest pools with their sums, and the age past which none of a pool's connections lives; empty where there is none. */
export function describePools(sessions: readonly Session[]): string {
  const oldestMs = oldest(sessions);
  const parts = poolsOf(sessions)
    .slice(0, mostShown)
    .map((pool) => `${pool.name} has ${pool.sessions.length} from ${pool.hosts}${ageOf(pool, oldestMs)}`);
  return parts.length === 0 ? '' : ` ${parts.join('; ')}.`;
}

/** Only where others live at least twice as long: then something recycles these at that age. */
function ageOf({ sessions }: Pool, oldestOfAllMs: number | null): string {
  const oldestMs = oldest(sessions);
  if (oldestMs === null || oldestOfAllMs === null || sessions.length < leastForAge) return '';
  return oldestMs * 2 <= oldestOfAllMs ? `, none older than ${formatDuration(oldestMs)}` : '';
}

function oldest(sessions: readonly Session[]): number | null {
  const ages = sessions.map(({ openMs }) => openMs);
  return ages.reduce((most, age) => (age === null || (most !== null && most >= age) ? most : age), null);
}
