import type { Finding } from './finding.ts';
import { countSessions, type Situation } from './situation.ts';

const leastSessions = 3;

/** Chosen sessions that carry no application name, so that nobody can tell which program leaks. */
export function findUnnamedSessions({ groups, snapshot }: Situation): Finding[] {
  const chosen = groups.flatMap((group) => group.sessions);
  const unnamed = chosen.filter((session) => session.application === '');
  if (unnamed.length < leastSessions) return [];
  return [
    {
      code: 'unnamed-sessions',
      severity: 'info',
      certainty: 'certain',
      title: 'The sessions do not say which program opened them.',
      evidence: `${countSessions(unnamed.length)} of ${chosen.length} chosen ones have no application name.`,
      advice: snapshot.engine === 'postgres' ? postgresAdvice : mysqlAdvice,
    },
  ];
}

const postgresAdvice =
  "Name each program. Django: DATABASES['default']['OPTIONS'] = {'application_name': 'shop-web'}; Celery workers and scripts: PGAPPNAME=shop-celery in their environment, if OPTIONS does not name them; node-postgres: application_name; JDBC: ApplicationName.";

const mysqlAdvice =
  "Name each program by the connection attribute program_name. PyMySQL: program_name='shop-web'; Connector/Python: conn_attrs={'program_name': 'shop-web'}; mysql2: connectAttributes: { program_name: 'shop-web' }. mysqlclient has no such option: give each program a user of its own.";
