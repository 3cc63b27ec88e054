import type { GuardName } from '../../contract/guard-names.ts';
import type { Preset } from '../../contract/preset.ts';
import { writeDuration } from '../../contract/duration.ts';
import { formatDuration } from '../text/format-duration.ts';
import type { Session } from '../model/session.ts';
import type { ServerTimeouts } from '../model/snapshot.ts';
import type { Finding } from './finding.ts';
import { presetFor, settingOf } from './programs.ts';
import { countSessions, type Situation } from './situation.ts';

/** A limit of the server that is shorter than a program keeps its connections: the server ends what the pool still wants to use. */
export function findShortTimeouts({ snapshot, presets = [] }: Situation): Finding[] {
  const { guards, engine } = snapshot;
  const guard: GuardName = engine === 'postgres' ? 'idle_session_timeout' : 'wait_timeout';
  const limitMs = guards?.limitsMs[guard] ?? 0;
  if (!guards || limitMs === 0) return [];
  return presets.flatMap((preset) => {
    const sessions = snapshot.sessions.filter((session) => isOf(session, preset, presets, guards));
    if (sessions.length === 0 || !outlives(preset, limitMs)) return [];
    return [toFinding(preset, sessions.length, guard, limitMs)];
  });
}

/** Kept for good is longer than any limit; `lambda` connects anew by itself. */
function outlives({ preset, keptMs }: Preset, limitMs: number): boolean {
  return preset !== 'lambda' && (keptMs === null || keptMs > limitMs);
}

function isOf(session: Session, preset: Preset, presets: readonly Preset[], guards: ServerTimeouts): boolean {
  if (session.kind !== 'client' || (session.user !== null && guards.exempt.includes(session.user)))
    return false;
  return presetFor(presets, session) === preset;
}

function toFinding(preset: Preset, sessions: number, guard: GuardName, limitMs: number): Finding {
  const kept = preset.keptMs === null ? 'for good' : `for ${writeDuration(preset.keptMs)}`;
  return {
    code: 'short-timeout',
    // A night without work is what it takes to lose connections that are kept for good.
    severity: preset.keptMs === null ? 'info' : 'warning',
    certainty: 'likely',
    title: `The server ends connections that the program of the preset ${preset.name} still keeps.`,
    evidence: `${guard} is ${formatDuration(limitMs)}, and ${settingOf(preset)} keeps a connection ${kept}; ${countSessions(sessions)} of it ${sessions === 1 ? 'is' : 'are'} connected. After a pause of ${formatDuration(limitMs)} its next use of a connection fails (2006, 4031; 57P05).`,
    advice: `Set ${settingOf(preset)} below ${guard}, or ${guard} above it; a check before each use (CONN_HEALTH_CHECKS, pool_pre_ping) helps as well.`,
  };
}
