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
      advice:
        snapshot.engine === 'postgres'
          ? "Set application_name in each program's connection options, for Django in DATABASES['default']['OPTIONS']."
          : 'Set the connection attribute program_name in each program (most drivers take it as connectAttributes or conn_attrs).',
    },
  ];
}
