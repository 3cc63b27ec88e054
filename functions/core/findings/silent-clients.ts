import { cleanText } from '../clean-text.ts';
import { formatDuration } from '../format-duration.ts';
import { longestMs } from '../group-chosen.ts';
import type { Finding } from './finding.ts';
import { countSessions, type Situation } from './situation.ts';

const leastSessions = 3;
/** A host in use says something within this time. */
const silentMs = 30 * 60_000;
/** When Linux first asks a silent peer, where no setting says otherwise. */
const usualKeepaliveMs = 2 * 3_600_000;

/** Hosts of which no session has said a word for long, some of them leaked: the host may have gone without a goodbye. */
export function findSilentClients({ snapshot, groups }: Situation): Finding[] {
  const chosen = new Set(
    groups.map(({ client }) => client).filter((client) => client !== null && client !== ''),
  );
  const toldMs = snapshot.guards?.limitsMs.tcp_keepalives_idle;
  if (toldMs === undefined) return [];
  const keepaliveMs = toldMs === 0 ? usualKeepaliveMs : toldMs;
  return [...chosen].flatMap((client) => {
    const sessions = snapshot.sessions.filter(
      (session) => session.kind === 'client' && session.client === client,
    );
    const isSilent = sessions.every(({ state, stateMs }) => state === 'idle' && (stateMs ?? 0) >= silentMs);
    if (!isSilent || sessions.length < leastSessions || keepaliveMs <= silentMs) return [];
    const shortest = sessions.reduce(
      (least, { stateMs }) => Math.min(least, stateMs ?? 0),
      longestMs(sessions),
    );
    return [
      {
        code: 'silent-clients',
        severity: 'info',
        certainty: 'possible',
        who: { user: null, application: null, client: client && cleanText(client, 64) },
        title: `The host ${cleanText(client ?? '', 64)} may be gone.`,
        evidence: `All of its ${countSessions(sessions.length)} have been silent for at least ${formatDuration(shortest)}; the server asks silent clients only after ${formatDuration(keepaliveMs)}.`,
        advice:
          'If the host was replaced or cut off, let the server notice sooner: tcp_keepalives_idle = 60, tcp_keepalives_interval = 10, tcp_keepalives_count = 6. It costs a packet a minute and ends nobody who answers.',
      } satisfies Finding,
    ];
  });
}
