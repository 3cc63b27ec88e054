import type { Session } from '../../functions/core/model/session.ts';

/** Sessions of one user, application, client and state, and the longest time in it; null where none is known. */
export interface AlikeSessions extends Pick<Session, 'user' | 'application' | 'client' | 'state'> {
  readonly sessions: number;
  readonly longestMs: number | null;
}

/** Counts sessions that agree in user, application, client and state; largest groups first. */
export function groupAlike(sessions: readonly Session[]): readonly AlikeSessions[] {
  const groups = new Map<string, AlikeSessions>();
  for (const { user, application, client, state, stateMs } of sessions) {
    const key = JSON.stringify([user, application, client, state]);
    const group = groups.get(key) ?? { user, application, client, state, sessions: 0, longestMs: null };
    groups.set(key, {
      ...group,
      sessions: group.sessions + 1,
      longestMs: longer(group.longestMs, stateMs),
    });
  }
  return [...groups.values()].sort(
    (a, b) => b.sessions - a.sessions || (b.longestMs ?? 0) - (a.longestMs ?? 0),
  );
}

function longer(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.max(a, b);
}
