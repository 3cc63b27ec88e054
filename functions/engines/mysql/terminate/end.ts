import type { Session } from '../../../core/model/session.ts';
import type { Attempt, EndRequest } from '../../engine.ts';
import type { FreshnessLimit } from './freshness-limit.ts';
import { askWhatWasSeen, endSql } from './end-sql.ts';
import type { Variant } from '../connection/server.ts';
import { errnoOf } from '../connection/to-fault.ts';
import { waysFor, type KillMethods } from './kill-methods.ts';
import type { Wire } from '../connection/wire.ts';

/** The server knows no such thread: the check said no, or it left in the last microsecond. */
const unknownThread = 1094;
/** "Not owner of thread". */
const notOurs = 1095;
/** "Not owner of query": MariaDB's 1095 for the step before the end. */
const notOurQuery = 1979;
/** No such query, on MariaDB: the check said no, or the session has begun another command since. */
const unknownQuery = 1957;

/**
 * How often a busy server is asked to end the same session before it is left to the next sweep. On MariaDB each turn asks by KILL
 * QUERY ID, which breaks a statement that is beginning at that very moment (13 in 10,000 ends with up to 40 turns, measured).
 */
const mostTurns: Readonly<Record<Variant, number>> = { mysql: 40, mariadb: 8 };

/** MariaDB broke off RDS's procedure, since it took too long. */
const brokenOff = 1969;

/** The server shuts down, or ended our own connection: nothing about the session. */
const ourConnection: ReadonlySet<number> = new Set([1053, 1927, 4031]);

/** Ends the sessions one by one, each by a packet that checks it first; the answers come in the order of the requests. */
export async function end(
  wire: Wire,
  variant: Variant,
  ways: KillMethods,
  batch: readonly EndRequest[],
  believe: FreshnessLimit,
): Promise<readonly Attempt[]> {
  const attempts: Attempt[] = [];
  for (const request of batch) {
    const { id } = request.session;
    const untouchable = whyUntouchable(variant, request.session);
    if (untouchable === null) attempts.push(await endAnyWay(wire, variant, ways, request, believe));
    else attempts.push({ id, result: 'refused', code: '1095', message: untouchable });
  }
  return attempts;
}

/** MySQL refuses to end a SYSTEM_USER; MariaDB would end root, so we answer in its place. */
function whyUntouchable(variant: Variant, { kind, superuser }: Session): string | null {
  if (kind !== 'client') return 'it is not the session of a client';
  return variant === 'mariadb' && superuser === true ? 'it belongs to a superuser' : null;
}

/** A way that is not for this session's account is refused, and then the next one is tried. */
async function endAnyWay(
  wire: Wire,
  variant: Variant,
  ways: KillMethods,
  request: EndRequest,
  believe: FreshnessLimit,
): Promise<Attempt> {
  let attempt: Attempt = refused(request.session.id, notOurs);
  for (const way of waysFor(ways, request.session.user)) {
    const sql = endSql(variant, way, request, await believe(way));
    attempt = await endOne(wire, request, sql, mostTurns[variant]);
    if (attempt.result !== 'refused') break;
  }
  return attempt;
}

async function endOne(
  wire: Wire,
  { session: { id }, action }: EndRequest,
  sql: string | null,
  turns: number,
): Promise<Attempt> {
  let wasBrokenOff = false;
  for (let turn = 1; sql !== null && turn <= turns; turn += 1) {
    const result = await tryToEnd(wire, sql, action);
    if (result === brokenOff) wasBrokenOff = true;
    else if (typeof result === 'number') return refused(id, result === notOurQuery ? notOurs : result);
    // Broken off right after its KILL, the call was the one that ended it.
    else if (result === 'gone' && wasBrokenOff) return { id, result: 'unknown' };
    else if (result !== 'late') return { id, result };
  }
  return { id, result: sql === null ? 'changed' : 'late' };
}

/** What came of one packet; the number of the error with which the server refused it. */
async function tryToEnd(
  wire: Wire,
  sql: string,
  action: EndRequest['action'],
): Promise<'signalled' | 'gone' | 'changed' | 'late' | number> {
  try {
    await wire.ask(sql);
    return 'signalled';
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === null || ourConnection.has(errno)) throw error;
    if (errno === unknownQuery && action === 'terminate') return 'changed';
    return errno === unknownThread || errno === unknownQuery ? whyNobody(wire) : errno;
  }
}

// One that was there and unchanged was looked at too long before KILL, or left in between: to ask again tells.
async function whyNobody(wire: Wire): Promise<'gone' | 'changed' | 'late'> {
  const [row] = await wire.ask(askWhatWasSeen);
  if (row?.['seen'] == null) return 'gone';
  return row['same'] == null ? 'changed' : 'late';
}

const reasons: Readonly<Record<number, string>> = {
  [notOurs]: 'our login lacks the privilege to end this session',
  1318: 'the procedure that ends it is not the one that `unleak grants` prints',
  1449: 'the account that the procedure runs as does not exist',
  1370: 'our login, or the user whose session it is, may not execute the procedure that ends it',
};

function refused(id: string, errno: number): Attempt {
  const message = reasons[errno] ?? `the server answered with error ${errno}`;
  return { id, result: 'refused', code: String(errno), message };
}
