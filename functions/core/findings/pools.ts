import { cleanText } from '../text/clean-text.ts';
import { defangName } from '../text/defang.ts';
import type { Session } from '../model/session.ts';
import { groupBy } from '../group-by.ts';
import { firstWord, lineInName } from './program-name.ts';

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
    ({ user, application }) =>
      JSON.stringify([user, lineInName(application) ? firstWord(application) : application]),
  );
  const pools = [...groups.values()].map(toPool);
  return pools.sort((a, b) => b.sessions.length - a.sessions.length || (a.name < b.name ? -1 : 1));
}

function toPool(sessions: readonly Session[]): Pool {
  const { user = null, application: fullName = null } = sessions[0] ?? {};
  const isOneOfMany = sessions.some(({ application }) => application !== fullName);
  const application = isOneOfMany ? firstWord(fullName) : fullName;
  const hosts = new Set(sessions.map(({ client }) => client)).size;
  const who = user === null ? '(unknown)' : defangName(cleanText(user, 64));
  const name = application
    ? `Application ${defangName(cleanText(application, 64))} of user ${who}`
    : `User ${who}`;
  return { user, application, sessions, name, hosts: hosts === 1 ? '1 host' : `${hosts} hosts` };
}

const mostShown = 3;

/** The largest pools with their sums; empty where there is none. */
export function describePools(sessions: readonly Session[]): string {
  const parts = poolsOf(sessions)
    .slice(0, mostShown)
    .map((pool) => `${pool.name} has ${pool.sessions.length} from ${pool.hosts}`);
  return parts.length === 0 ? '' : ` ${parts.join('; ')}.`;
}
