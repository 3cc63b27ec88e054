import type { Session } from '../../../core/model/session.ts';
import type { Capacity, ConnectionLimit } from '../../../core/model/snapshot.ts';
import type { Row } from '../connection/row.ts';

/** How many may connect and do. The one extra slot for CONNECTION_ADMIN comes on top of the maximum, so none is reserved. */
export function toCapacity(
  server: Row,
  accountLimits: readonly Row[],
  sessions: readonly Session[],
): Capacity {
  return {
    maxConnections: Number(server['most']),
    reserved: 0,
    used: Number(server['used']),
    limits: toLimits(Number(server['most_per_user']), accountLimits, sessions),
  };
}

/** The limit of each user: its own, the smallest of its accounts, or else the server's for all users. */
function toLimits(
  mostPerUser: number,
  accountLimits: readonly Row[],
  sessions: readonly Session[],
): ConnectionLimit[] {
  const used = countByUser(sessions);
  const own = new Map(accountLimits.map((row) => [row['user'] ?? '', Number(row['most'])]));
  const names = new Set([...own.keys(), ...(mostPerUser > 0 ? used.keys() : [])]);
  return [...names].sort().map((name) => ({
    kind: 'user',
    name,
    limit: own.get(name) ?? mostPerUser,
    used: used.get(name) ?? 0,
  }));
}

function countByUser(sessions: readonly Session[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { user, kind } of sessions) {
    if (user !== null && kind !== 'background') counts.set(user, (counts.get(user) ?? 0) + 1);
  }
  return counts;
}
