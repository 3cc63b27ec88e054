import type { Session } from '../model/session.ts';
import type { Finding } from './finding.ts';
import { presetOf } from './programs.ts';
import { countSessions, type Situation } from './situation.ts';

const leastSessions = 3;

/** Chosen sessions that carry no application name, so that nobody can tell which program leaks. */
export function findUnnamedSessions({ groups, presets, snapshot }: Situation): Finding[] {
  const isToldByUser = (group: (typeof groups)[number]) => presetOf(presets, group)?.match.user !== undefined;
  const chosen = groups.flatMap(({ sessions }) => sessions);
  const unnamed = groups
    .filter((group) => !isToldByUser(group)) // the policy itself knows this program by its user
    .flatMap(({ sessions }) => sessions.filter(({ application }) => application === ''));
  if (unnamed.length < leastSessions) return [];
  return [
    {
      code: 'unnamed-sessions',
      severity: 'info',
      certainty: 'certain',
      title: 'The sessions do not say which program opened them.',
      evidence: `${countSessions(unnamed.length)} of ${chosen.length} chosen ones have no application name.`,
      advice: snapshot.engine === 'postgres' ? postgresAdvice : describeAttributes(unnamed),
    },
  ];
}

const postgresAdvice =
  "Name each program. Django: DATABASES['default']['OPTIONS'] = {'application_name': 'shop-web'}; Celery workers and scripts: PGAPPNAME=shop-celery in their environment, if OPTIONS does not name them; node-postgres: application_name; JDBC: ApplicationName.";

/** Drivers by what they call themselves in the attribute `_client_name`, and how each names a program. */
const drivers = [
  [
    /^(?:libmariadb|libmysql)$/,
    "mysqlclient, Django's usual driver, and other programs on the C client have no option for it: give each program a user of its own.",
  ],
  [
    /^pymysql$/i,
    "PyMySQL: connect(program_name='shop-web'), in Django OPTIONS = {'program_name': 'shop-web'}.",
  ],
  [/^mysql-connector-python$/, "Connector/Python: conn_attrs={'program_name': 'shop-web'}."],
  [/^Node-MySQL-2$/, "mysql2: connectAttributes: { program_name: 'shop-web' }."],
  [
    /^(?:MySQL Connector\/J|MariaDB Connector\/J)$/,
    'Connector/J: connectionAttributes=program_name:shop-web in the URL.',
  ],
] as const;

/** Only the drivers that were seen; all, where none says its name. */
function describeAttributes(unnamed: readonly Session[]): string {
  const names = new Set(unnamed.map(({ attributes }) => attributes['_client_name'] ?? ''));
  const seen = drivers.filter(([pattern]) => [...names].some((name) => pattern.test(name)));
  const ways = (seen.length > 0 ? seen : drivers).map(([, way]) => way);
  return ['Name each program by the connection attribute program_name.', ...ways].join(' ');
}
