import type { GuardName } from '../../contract/guard-names.ts';
import type { Preset } from '../../contract/preset.ts';
import { formatDuration } from '../text/format-duration.ts';
import type { Session } from '../model/session.ts';
import type { ServerTimeouts } from '../model/snapshot.ts';

const minuteMs = 60_000;
const hourMs = 3_600_000;

/** A guard up to here is narrow enough for any leak. */
const wideMs = hourMs;
/** Fewer idle sessions are not worth a change of the server. */
export const leastIdle = 3;

/** How the guard stands, where it would have ended a silence of this length only much later or never; null where it is narrow or unknown. */
export function describeGuard({ limitsMs }: ServerTimeouts, guard: GuardName, seenMs: number): string | null {
  const limitMs = limitsMs[guard];
  if (limitMs === undefined) return null;
  if (limitMs === 0) return `${guard} is off`;
  return limitMs > wideMs && limitMs > seenMs ? `${guard} is ${formatDuration(limitMs)}` : null;
}

/** The chosen sessions in a state, whose user a guard would hold for. */
export function sessionsIn(
  sessions: readonly Session[],
  state: 'idle' | 'idle in transaction',
): readonly Session[] {
  return sessions.filter((session) =>
    state === 'idle' ? session.state === 'idle' : session.state?.startsWith(state),
  );
}

/** Minutes that no request or task of these programs exceeds, at least five. */
export function minutesOfWork(presets: readonly (Preset | null)[]): number {
  return presets.reduce((most, preset) => Math.max(most, Math.ceil((preset?.workMs ?? 0) / minuteMs)), 5);
}

/** Hours past which none of these programs uses a connection, at least one; null where one keeps its connections for good. */
export function hoursOfKeeping(presets: readonly (Preset | null)[]): number | null {
  if (presets.some((preset) => preset !== null && preset.keptMs === null)) return null;
  const kept = presets.map((preset) => (preset ? (preset.keptMs ?? 0) + preset.workMs : 0));
  return kept.reduce((most, ms) => Math.max(most, Math.ceil(ms / hourMs)), 1);
}
