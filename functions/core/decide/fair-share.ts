import type { Session } from '../model/session.ts';

/**
 * Chooses so many of the candidates that those users give who hold the most, down to one level: whoever holds no more than an equal
 * part loses nothing, whatever others open. What a user should give and has no candidates for, nobody gives in its place.
 * The order of the candidates, by user, is kept; `holders` are all sessions that take a place.
 */
export function chooseFairly(
  candidates: readonly Session[],
  holders: readonly Session[],
  need: number,
): readonly Session[] {
  const held = countByUser(holders);
  const level = levelOf([...held.values()], need);
  const given = [...held.values()].reduce((sum, count) => sum + Math.max(0, count - level), 0);
  let rest = need - given; // fewer than there are users at the level: one each, longest in its state first
  const quotas = new Map<string | null, number>();
  return candidates.filter(({ user }) => {
    const count = held.get(user) ?? 0;
    const left = quotas.get(user) ?? Math.max(0, count - level);
    quotas.set(user, left - 1);
    if (left > 0) return true;
    if (left < 0 || rest <= 0 || level === 0 || count < level) return false;
    rest -= 1;
    return true;
  });
}

/** How many sessions each user has. */
export function countByUser(sessions: readonly Session[]): ReadonlyMap<string | null, number> {
  const counts = new Map<string | null, number>();
  for (const { user } of sessions) counts.set(user, (counts.get(user) ?? 0) + 1);
  return counts;
}

/** The lowest number of sessions to which all who have more can be brought by ending no more than `need`. */
function levelOf(counts: readonly number[], need: number): number {
  const descending = counts.toSorted((a, b) => b - a);
  let level = descending[0] ?? 0;
  let left = need;
  for (const [index, count] of descending.entries()) {
    const next = descending[index + 1] ?? 0;
    const step = Math.min(count - next, Math.floor(left / (index + 1)));
    level = count - step;
    left -= step * (index + 1);
    if (step < count - next) break;
  }
  return level;
}
