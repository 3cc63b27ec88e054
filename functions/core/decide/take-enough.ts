import type { Session } from '../model/session.ts';
import { chooseFairly } from './fair-share.ts';
import type { Enough, Left } from './select.ts';
import type { Demand } from './utilization.ts';

/**
 * Takes, of the sessions of each full pool, as many as have to go; the narrowest pool first, since what it gives relieves the
 * server as well. `holders` are all sessions that hold a connection.
 */
export function takeEnough(demands: readonly Demand[], holders: readonly Session[]): Enough {
  return (candidates) => {
    const chosen = new Set<Session>();
    for (const { pool, need } of demands.toReversed()) {
      const members = candidates.filter(pool.holds);
      const done = members.filter((session) => chosen.has(session)).length;
      const open = (session: Session) => pool.holds(session) && !chosen.has(session);
      const more = chooseFairly(candidates.filter(open), holders.filter(open), Math.max(0, need - done));
      for (const session of more) chosen.add(session);
    }
    return {
      chosen: candidates.filter((session) => chosen.has(session)),
      left: leaveOthers(candidates, chosen, demands),
    };
  };
}

function leaveOthers(
  candidates: readonly Session[],
  chosen: ReadonlySet<Session>,
  demands: readonly Demand[],
): Left[] {
  return demands.flatMap(({ pool, need }, index) => {
    const others = demands.slice(0, index);
    const members = candidates.filter(pool.holds);
    const last = members.findLastIndex((session) => chosen.has(session));
    const isMet = members.filter((session) => chosen.has(session)).length >= need;
    const enough = `ending those longer in their state already brings ${pool.whose} down to the wanted utilization`;
    const light = `its user holds no more ${pool.label} than its part, and the rule takes from those who hold more`;
    return members.flatMap((session, place) =>
      chosen.has(session) || others.some((other) => other.pool.holds(session))
        ? []
        : [{ session, reason: isMet && place > last ? enough : light }],
    );
  });
}
