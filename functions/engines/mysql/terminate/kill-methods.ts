import { nobody } from './no-such-id.ts';
import { endingPrivileges, hasGlobal } from '../connection/privileges.ts';
import type { Variant } from '../connection/server.ts';
import { errnoOf } from '../connection/to-fault.ts';
import type { Row } from '../connection/row.ts';
import type { Wire } from '../connection/wire.ts';

/** Procedures that stand in for KILL and for KILL QUERY (on MariaDB KILL QUERY ID), as CALL names them. */
export interface Procedures {
  readonly kill: string;
  readonly killQuery: string;
  /** Whether it looks its number up in the process list before KILL, as RDS's does. */
  readonly looksUp: boolean;
}

/** Those that run as an account of the user whose sessions they end. */
export interface OwnProcedures extends Procedures {
  readonly host: string;
}

/** How one session is ended. */
export type WayToEnd = 'kill' | Procedures;

/** How sessions are ended here: by procedures of their own user's accounts, then by the way of all; null where there is none. */
export interface KillMethods {
  readonly own: ReadonlyMap<string, readonly OwnProcedures[]>;
  readonly others: WayToEnd | null;
}

/** The schema of the procedures that `unleak grants --for` makes; each runs as the user whose sessions it ends. */
export const ownSchema = 'unleak';
const killPrefix = 'kill_session_';
const killQueryPrefix = 'kill_query_';

/** Longer names are none, on both products. */
const longestName = 64;
/** The longest account, such as `shop@%`, of which procedures can be named. */
export const longestAccount = longestName - killPrefix.length;

/** The quoted names of an account's procedures. On MariaDB the account must be the session's own, on MySQL its user must. */
export function ownProceduresOf(account: string): Procedures {
  const named = (prefix: string) => `${ownSchema}.\`${`${prefix}${account}`.replaceAll('`', '``')}\``;
  return { kill: named(killPrefix), killQuery: named(killQueryPrefix), looksUp: false };
}

/** RDS's, by name. */
export function rdsProceduresOf(variant: Variant): Procedures {
  const killQuery = variant === 'mysql' ? 'mysql.rds_kill_query' : 'mysql.rds_kill_query_id';
  return { kill: 'mysql.rds_kill', killQuery, looksUp: true };
}

/** KILL where our login has the privilege, directly or by a role; else the procedures that it may call. */
export async function findKillMethods(wire: Wire, variant: Variant): Promise<KillMethods> {
  if (hasGlobal(await wire.ask('SHOW GRANTS'), endingPrivileges)) return { own: new Map(), others: 'kill' };
  const rds = rdsProceduresOf(variant);
  // On MariaDB the second one is asked before every end; on MySQL it is only for rules that cancel.
  const mayEnd =
    (await mayCall(wire, rds.kill)) && (variant === 'mysql' || (await mayCall(wire, rds.killQuery)));
  return { own: toOwn(await wire.ask(ownProcedures)), others: mayEnd ? rds : null };
}

/** How this user's sessions may be ended, each to be tried in turn; KILL where nothing is known, so that the server says why not. */
export function waysFor({ own, others }: KillMethods, user: string | null): readonly WayToEnd[] {
  const ways = [...(own.get(user ?? '') ?? []), ...(others === null ? [] : [others])];
  return ways.length > 0 ? ways : ['kill'];
}

// One that runs with our rights, or as somebody else, is none that we asked for.
const ownProcedures = `
  SELECT routine_name AS name, definer AS definer FROM information_schema.routines
  WHERE routine_schema = '${ownSchema}' AND routine_type = 'PROCEDURE' AND security_type = 'DEFINER'`;

/** By user, those that are there in pairs, each defined by the very account that its name says. */
export function toOwn(rows: readonly Row[]): ReadonlyMap<string, readonly OwnProcedures[]> {
  const found = new Set(rows.map((row) => toKey(row['name'] ?? '', row['definer'] ?? '')));
  const accounts = [...new Set(rows.map((row) => row['definer'] ?? ''))].filter((account) =>
    [killPrefix, killQueryPrefix].every((prefix) => found.has(toKey(`${prefix}${account}`, account))),
  );
  const own = new Map<string, readonly OwnProcedures[]>();
  for (const account of accounts) {
    const at = account.lastIndexOf('@');
    const [user, host] = [account.slice(0, at), account.slice(at + 1)];
    own.set(user, [...(own.get(user) ?? []), { ...ownProceduresOf(account), host }]);
  }
  return own;
}

function toKey(name: string, definer: string): string {
  return JSON.stringify([name, definer]);
}

const noSuchThread = 1094;
const noSuchQuery = 1957;

// A number that nobody has: the call ends nothing and says so, or answers 1370 or 1305 where it is not for us.
async function mayCall(wire: Wire, procedure: string): Promise<boolean> {
  try {
    await wire.ask(`CALL ${procedure}(${nobody})`);
    return true;
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === null) throw error;
    return errno === noSuchThread || errno === noSuchQuery;
  }
}
