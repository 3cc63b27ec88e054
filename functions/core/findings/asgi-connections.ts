import { writeDuration } from '../../contract/duration.ts';
import type { Preset } from '../../contract/preset.ts';
import { formatDuration } from '../text/format-duration.ts';
import { longestMs } from '../group-chosen.ts';
import type { Finding } from './finding.ts';
import { poolsOf } from './pools.ts';
import { presetFor } from './programs.ts';
import { countSessions, type Situation, whoOf } from './situation.ts';

/** Django under ASGI with a CONN_MAX_AGE: each request has a thread of its own, so no later one finds the connection again. */
export function findAsgiConnections({ snapshot, presets }: Situation): Finding[] {
  return poolsOf(snapshot.sessions).flatMap(({ sessions, name, user, application }) => {
    const preset = sessions[0] ? presetFor(presets, sessions[0]) : null;
    if (preset?.habit !== 'persists-under-asgi') return [];
    const idle = sessions.filter(({ state }) => state === 'idle');
    const longest = idle.length === 0 ? '' : `, the longest for ${formatDuration(longestMs(idle))}`;
    return [
      {
        code: 'asgi-persistent-connections',
        severity: 'warning',
        certainty: 'certain',
        who: whoOf({ user, application, client: null }),
        title: `${name} keeps connections under ASGI, where no later request finds them again.`,
        evidence: `unleak.yaml says server: asgi, and CONN_MAX_AGE is ${describeAge(preset)}: ${countSessions(sessions.length)}, ${idle.length} of them idle${longest}.`,
        advice:
          "Under ASGI set CONN_MAX_AGE = 0. To keep connections, use a pool: OPTIONS = {'pool': True} with CONN_HEALTH_CHECKS = True (Django 5.1), or a pooler between. Then write connMaxAge: 0s or pool: {} in unleak.yaml.",
      } satisfies Finding,
    ];
  });
}

/** With health checks the preset's own number is not CONN_MAX_AGE. */
function describeAge({ keptMs }: Preset): string {
  if (keptMs === null) return 'None';
  return keptMs === 0 ? 'not 0' : writeDuration(keptMs);
}
