import { ruleStates } from '../../../contract/rule.ts';
import type { ReportedSession } from '../../model/report.ts';
import { formatDuration } from '../../text/format-duration.ts';
import { toId, toName, unbroken } from '../../text/to-name.ts';

/** Who opened a session, each part under its label so that no name stands alone. */
interface Opener {
  readonly user: string | null;
  readonly application: string | null;
  readonly client: string | null;
  readonly database: string | null;
}

/** Who a session belongs to: `user app, application celery, from 10.0.3.17, database orders`. */
export function whoOf({ user, application, client, database }: Opener): string {
  const parts = [
    user === null ? 'an unknown user' : `user ${toName(user)}`,
    application === null || application === '' ? 'no application name' : `application ${toName(application)}`,
    client === null ? 'client unknown' : client === '' ? 'from a local socket' : `from ${toName(client)}`,
  ];
  if (database !== null && database !== '') parts.push(`database ${toName(database)}`);
  return parts.map(unbroken).join(', ');
}

/** A state in the server's words; what is no state we know is a name like any other. */
export function toStateWords(state: string | null): string {
  if (state === null) return 'in an unknown state';
  if (state === 'other') return 'in another state';
  return ruleStates.some((known) => known === state) ? state : toName(state, 40);
}

/** One session by its number and its owner: `session 4711, user app, …`. */
export function nameSession(session: ReportedSession): string {
  return `${unbroken(`session ${toId(session.id)}`)}, ${whoOf(session)}`;
}

/** One session and what it does: `session 4711, user app, …: idle for 12m`. */
export function describeSession(session: ReportedSession): string {
  const time = session.stateMs === null ? '' : ` for ${formatDuration(session.stateMs)}`;
  return `${nameSession(session)}: ${unbroken(`${toStateWords(session.state)}${time}`)}`;
}
