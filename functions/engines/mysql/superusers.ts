import { askIfAllowed } from './privileges.ts';
import type { SnapshotSql } from './snapshot-sql.ts';
import type { Wire } from './wire.ts';

/** The names of all users that hold SUPER or SYSTEM_USER, by a role too, active or not; null when that cannot be read. */
export async function readSuperusers(wire: Wire, sql: SnapshotSql): Promise<ReadonlySet<string> | null> {
  const direct = await askIfAllowed(wire, sql.superusers);
  const roles = await askIfAllowed(wire, sql.roles);
  if (direct === null || roles === null) return null;
  const edges = roles.map((row) => [row['role'] ?? '', row['user'] ?? ''] as const);
  // Every server has one, so a list without any was not all of it.
  if (direct.length === 0) return null;
  return withMembers(
    direct.map((row) => row['user'] ?? ''),
    edges,
  );
}

/** The names, and all to whom a role of that name was granted, at any depth. */
export function withMembers(
  names: readonly string[],
  edges: readonly (readonly [role: string, user: string])[],
): ReadonlySet<string> {
  const all = new Set(names);
  // A set visits what is added to it on the way.
  for (const name of all) {
    for (const [role, user] of edges) if (role === name) all.add(user);
  }
  return all;
}

/**
 * Whether anybody may be a superuser: an account without a name takes logins of any name, also of those that have an
 * account of their own for a less exact host; MariaDB grants to all by the role PUBLIC.
 */
export function isAnyone(superusers: ReadonlySet<string>): boolean {
  return superusers.has('') || superusers.has('PUBLIC');
}

/** Whether the user is a superuser; null when that cannot be told. */
export function isSuperuser(user: string | null, superusers: ReadonlySet<string> | null): boolean | null {
  if (user === null || superusers === null) return null;
  if (superusers.has(user)) return true;
  return isAnyone(superusers) ? null : false;
}
