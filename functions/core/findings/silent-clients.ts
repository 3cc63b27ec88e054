import { cleanText } from '../text/clean-text.ts';
import { formatDuration } from '../text/format-duration.ts';
import { longestMs } from '../group-chosen.ts';
import type { Session } from '../model/session.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { Finding } from './finding.ts';
import { countSessions, type Situation } from './situation.ts';

const leastSessions = 3;
/** A host in use says something within this time. */
const silentMs = 30 * 60_000;
/** When Linux first asks a silent peer, where no setting says otherwise. */
const usualKeepaliveMs = 2 * 3_600_000;

/** Hosts of which no session has said a word for long, some of them leaked: the host may have gone without a goodbye. */
export function findSilentClients({ snapshot, groups }: Situation): Finding[] {
  const keepalive = keepaliveOf(snapshot);
  if (keepalive === null) return [];
  const clients = new Set(groups.map(({ client }) => client));
  return [...clients].flatMap((client) => {
    if (client === null || client === '' || isThisHost(client)) return [];
    const sessions = snapshot.sessions.filter(
      (session) => session.kind === 'client' && session.client === client,
    );
    if (sessions.length < leastSessions || !sessions.every(isSilent)) return [];
    return [
      {
        code: 'silent-clients',
        severity: 'info',
        certainty: 'possible',
        who: { user: null, application: null, client: cleanText(client, 64) },
        title: `The host ${cleanText(client, 64)} may be gone.`,
        evidence: `All of its ${countSessions(sessions.length)} have been silent for at least ${formatDuration(shortestMs(sessions))}; ${keepalive.asks}.`,
        advice: `If the host was replaced or cut off, let the server notice sooner: ${keepalive.remedy} It costs a packet a minute and ends no client that answers.`,
      } satisfies Finding,
    ];
  });
}

function isThisHost(client: string): boolean {
  return client === 'localhost' || client === '::1' || client.startsWith('127.');
}

function isSilent({ state, stateMs }: Session): boolean {
  return state === 'idle' && (stateMs ?? 0) >= silentMs;
}

function shortestMs(sessions: readonly Session[]): number {
  return sessions.reduce((least, { stateMs }) => Math.min(least, stateMs ?? 0), longestMs(sessions));
}

/** When the server asks a silent client and how to change that; null where it asks soon or does not tell. */
function keepaliveOf({
  engine,
  guards,
}: Snapshot): { readonly asks: string; readonly remedy: string } | null {
  if (engine !== 'postgres') return guards ? ofTheSystem : null;
  const notifiedMs = guards?.limitsMs.tcp_keepalives_idle;
  const keepaliveMs = notifiedMs === 0 ? usualKeepaliveMs : notifiedMs;
  if (keepaliveMs === undefined || keepaliveMs <= silentMs) return null;
  return {
    asks: `the server asks silent clients only after ${formatDuration(keepaliveMs)}`,
    remedy:
      'tcp_keepalives_idle = 60, tcp_keepalives_interval = 10 and tcp_keepalives_count = 6, by ALTER SYSTEM and pg_reload_conf(), on RDS in the parameter group.',
  };
}

/** MySQL and MariaDB leave it to their operating system, and do not tell how that is set. */
const ofTheSystem = {
  asks: `the server leaves it to its operating system to ask silent clients, on Linux after ${formatDuration(usualKeepaliveMs)} unless set`,
  remedy:
    "sysctl net.ipv4.tcp_keepalive_time=60 on the server's machine; where nobody can (RDS), only a lower wait_timeout does it.",
};
