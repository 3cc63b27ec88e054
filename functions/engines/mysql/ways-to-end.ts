import { nobody } from './nobody.ts';
import { endingPrivileges, hasGlobal } from './privileges.ts';
import type { Flavour } from './server.ts';
import { errnoOf } from './to-fault.ts';
import type { Row, Wire } from './wire.ts';

/** Procedures that stand in for KILL and for KILL QUERY (on MariaDB KILL QUERY ID), as CALL names them. */
export interface Procedures {
  readonly kill: string;
  readonly killQuery: string;
  /** Whether it looks its number up in the process list before KILL, as RDS's does. */
  readonly looksUp: boolean;
}

/** How one session is ended. */
export type WayToEnd = 'kill' | Procedures;

/** How sessions are ended here: by procedures of their own user's, else by the way of all; null where there is none. */
export interface WaysToEnd {
  readonly own: ReadonlyMap<string, Procedures>;
  readonly others: WayToEnd | null;
}

/** The schema of the procedures that `unleak grants --for` makes; each runs as the user whose sessions it ends. */
export const ownSchema = 'unleak';
const killPrefix = 'kill_session_';
const killQueryPrefix = 'kill_query_';

/** The names of one user's procedures, quoted; both fit MySQL's 64 characters, since its users have 32 at most. */
export function ownProceduresOf(user: string): Procedures {
  const named = (prefix: string) => `${ownSchema}.\`${`${prefix}${user}`.replaceAll('`', '``')}\``;
  return { kill: named(killPrefix), killQuery: named(killQueryPrefix), looksUp: false };
}

/** RDS's, by name. */
export function rdsProceduresOf(flavour: Flavour): Procedures {
  const killQuery = flavour === 'mysql' ? 'mysql.rds_kill_query' : 'mysql.rds_kill_query_id';
  return { kill: 'mysql.rds_kill', killQuery, looksUp: true };
}

/** KILL where our login has the privilege, directly or by a role; else the procedures that it may call. */
export async function findWaysToEnd(wire: Wire, flavour: Flavour): Promise<WaysToEnd> {
  if (hasGlobal(await wire.ask('SHOW GRANTS'), endingPrivileges)) return { own: new Map(), others: 'kill' };
  const rds = rdsProceduresOf(flavour);
  // On MariaDB the second one is asked before every end; on MySQL it is only for rules that cancel.
  const mayEnd =
    (await mayCall(wire, rds.kill)) && (flavour === 'mysql' || (await mayCall(wire, rds.killQuery)));
  return { own: toOwn(await wire.ask(ownProcedures)), others: mayEnd ? rds : null };
}

/** How this user's sessions are ended; KILL where nothing else is known, so that the server says why not. */
export function wayToEnd({ own, others }: WaysToEnd, user: string | null): WayToEnd {
  return own.get(user ?? '') ?? others ?? 'kill';
}

// One that runs with our rights, or as somebody else, is none that we asked for.
const ownProcedures = `
  SELECT routine_name AS name, definer AS definer FROM information_schema.routines
  WHERE routine_schema = '${ownSchema}' AND routine_type = 'PROCEDURE' AND security_type = 'DEFINER'`;

/** Those that are there in pairs, each defined by the very user that its name says. */
export function toOwn(rows: readonly Row[]): ReadonlyMap<string, Procedures> {
  const found = new Map(rows.map((row) => [row['name'] ?? '', row['definer'] ?? '']));
  const users = [...found].flatMap(([name, definer]) => {
    const user = definer.slice(0, Math.max(0, definer.lastIndexOf('@')));
    const isPair = name === killPrefix + user && found.get(killQueryPrefix + user) === definer;
    return isPair && user !== '' ? [user] : [];
  });
  return new Map(users.map((user) => [user, ownProceduresOf(user)]));
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
