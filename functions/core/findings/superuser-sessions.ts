import { formatDuration } from '../text/format-duration.ts';
import { longestMs } from '../group-chosen.ts';
import type { Finding } from './finding.ts';
import { groupBy } from '../group-by.ts';
import { countSessions, nameGroup, type Situation, whoOf } from './situation.ts';

/** So many of one user are a program, not a person. */
const leastOfProgram = 3;

/** Sessions that a rule speaks of and that are never ended, since their user is a superuser: a leak that stays. */
export function findSuperuserSessions({ plan, snapshot }: Situation): Finding[] {
  const spared = plan.decisions.filter(({ protection }) => protection === 'superuser');
  const groups = groupBy(spared, ({ session: { user, application } }) => JSON.stringify([user, application]));
  return [...groups.values()].flatMap((decisions) => {
    const sessions = decisions.map(({ session }) => session);
    const [first] = sessions;
    if (!first) return [];
    const who = { user: first.user, application: first.application, client: null };
    return [
      {
        code: 'superuser-sessions',
        severity: sessions.length >= leastOfProgram ? 'warning' : 'info',
        certainty: 'certain',
        who: whoOf(who),
        title: `Sessions of ${nameGroup(who)} can never be ended: the user is a superuser.`,
        evidence: `${countSessions(sessions.length)} that a rule speaks of, the longest for ${formatDuration(longestMs(sessions))}. unleak ends no session of a superuser, whatever the policy says, and most servers would refuse it.`,
        advice: `Let the program log in as a user without ${snapshot.engine === 'postgres' ? 'SUPERUSER' : 'SUPER, CONNECTION_ADMIN and SYSTEM_USER'}: it does not need that for its work.`,
      } satisfies Finding,
    ];
  });
}
