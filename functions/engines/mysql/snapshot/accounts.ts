import { askIfAllowed } from '../connection/privileges.ts';
import type { SnapshotSql } from './snapshot-sql.ts';
import type { Row } from '../connection/row.ts';
import type { Wire } from '../connection/wire.ts';

/** The server's accounts by name, and which of the names hold SUPER or SYSTEM_USER, by a role too, active or not. */
export interface Accounts {
  readonly all: ReadonlySet<string>;
  readonly superusers: ReadonlySet<string>;
  /** The hosts of a name's accounts. */
  readonly hosts: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Reads the server's accounts; null where our login may not, or what it reads is not all of them. */
export async function readAccounts(wire: Wire, sql: SnapshotSql, server: Row): Promise<Accounts | null> {
  const rows = await askIfAllowed(wire, sql.accounts);
  const roles = await askIfAllowed(wire, sql.roles);
  const mandatory = toRoleNames(server['mandatory_roles'] ?? '');
  if (rows === null || roles === null || mandatory === null) return null;
  const nameOf = (row: Row) => row['user'] ?? '';
  const all = new Set(rows.map(nameOf));
  const direct = rows.filter((row) => row['is_super'] === '1').map(nameOf);
  // Every server has one, so a list without any was not all of it.
  if (direct.length === 0) return null;
  const edges = [
    ...roles.map((row) => [row['role'] ?? '', nameOf(row)] as const),
    ...mandatory.flatMap((role) => [...all].map((user) => [role, user] as const)),
  ];
  return { all, superusers: withMembers(direct, edges), hosts: toHosts(rows) };
}

function toHosts(rows: readonly Row[]): ReadonlyMap<string, ReadonlySet<string>> {
  const hosts = new Map<string, Set<string>>();
  for (const { user, host } of rows)
    hosts.set(user ?? '', (hosts.get(user ?? '') ?? new Set()).add(host ?? ''));
  return hosts;
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

const quoted = `'(?:[^']|'')*'|"(?:[^"]|"")*"|\`(?:[^\`]|\`\`)*\``;
const account = new RegExp(
  `\\s*(${quoted}|[^\\s,@'"\`]+)\\s*(?:@\\s*(?:${quoted}|[^\\s,]+)\\s*)?(?:,|$)`,
  'y',
);

/** The names in a list of roles as MySQL's mandatory_roles has it: `'dba'@'%', audit`; null when it is not understood. */
export function toRoleNames(list: string): readonly string[] | null {
  const names: string[] = [];
  for (account.lastIndex = 0; account.lastIndex < list.length;) {
    const name = account.exec(list)?.[1];
    if (name === undefined) return null;
    const quote = /^['"`]/.exec(name)?.[0];
    names.push(quote === undefined ? name : name.slice(1, -1).replaceAll(quote + quote, quote));
  }
  return names;
}

/**
 * Whether anybody may be a superuser: an account without a name takes logins of any name, also of those that have an
 * account of their own for a less exact host; MariaDB grants to all by the role PUBLIC.
 */
export function isAnyone({ superusers }: Accounts): boolean {
  return superusers.has('') || superusers.has('PUBLIC');
}

/** Whether the user is a superuser; null when that cannot be told: a session outlives its account, and a name of none may be anybody's. */
export function isSuperuser(user: string | null, accounts: Accounts | null): boolean | null {
  if (user === null || accounts === null) return null;
  if (accounts.superusers.has(user)) return true;
  return isAnyone(accounts) || !accounts.all.has(user) ? null : false;
}
