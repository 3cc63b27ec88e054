import { isIP } from 'node:net';
import type { KillScope } from '../../../core/model/snapshot.ts';
import type { Session } from '../../../core/model/session.ts';
import type { Accounts } from './accounts.ts';
import type { Variant } from '../connection/server.ts';
import type { KillMethods } from '../terminate/kill-methods.ts';

/**
 * Whose sessions our login may end, where it has nothing but procedures of users' own; null where it may end others too. KILL
 * compares names on MySQL, and on MariaDB the accounts that sessions are logged in as, which no list of sessions shows.
 */
export function toKillScope(
  variant: Variant,
  { own, others }: KillMethods,
  accounts: Accounts | null,
  sessions: readonly Session[],
): KillScope | null {
  if (others !== null || own.size === 0) return null;
  const hosts = new Map([...own].map(([user, each]) => [user, each.map(({ host }) => host)]));
  const isThere = (user: string) =>
    accounts === null || hosts.get(user)?.some((host) => accounts.hosts.get(user)?.has(host)) === true;
  const users = [...own.keys()].filter(isThere);
  const hostsOf = (name: string) => accounts?.hosts.get(name) ?? new Set<string>();
  const isOfNone = ({ user, client }: Session) =>
    user !== null &&
    users.includes(user) &&
    !isSurely(hosts.get(user) ?? [], client ?? '', hostsOf(user), hostsOf(''));
  const butNot =
    variant === 'mariadb' && accounts !== null ? sessions.filter(isOfNone).map(({ id }) => id) : [];
  return { users, butNot };
}

/** Whether a client of this name or address is logged in as one of the accounts with these hosts, whichever the server took; one without a name takes any name. */
function isSurely(
  ours: readonly string[],
  client: string,
  named: ReadonlySet<string>,
  anonymous: ReadonlySet<string>,
): boolean {
  if (named.has(client)) return ours.includes(client);
  if ([...anonymous].some((host) => mayMatch(host, client))) return false;
  const candidates = [...named].filter((host) => mayMatch(host, client));
  return candidates.length > 0 && candidates.every((host) => ours.includes(host));
}

/** An empty host takes every client. A literal one is another than a client of a different name only where both are addresses or both are names. */
function mayMatch(host: string, client: string): boolean {
  if (host === '' || /[%_/]/.test(host)) return true;
  return host.toLowerCase() === client.toLowerCase() || (isIP(host) === 0) !== (isIP(client) === 0);
}
