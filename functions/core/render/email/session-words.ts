import type { ReportedSession } from '../../report.ts';
import { formatDuration } from '../../format-duration.ts';
import { toName, unbroken } from '../to-name.ts';

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

/** One session in a few words: `session 4711 (user app, …), idle for 12m`. */
export function describeSession(session: ReportedSession): string {
  const state = session.state ?? 'in an unknown state';
  const time = session.stateMs === null ? '' : ` for ${formatDuration(session.stateMs)}`;
  return `${unbroken(`session ${toName(session.id)}`)}: ${whoOf(session)}, ${unbroken(`${toName(state)}${time}`)}`;
}
