import type { Session } from '../../../core/model/session.ts';
import type { Attempt, EndRequest } from '../../engine.ts';
import { endInPackets } from './end-in-packets.ts';
import { askWhatWasSeen, endSql } from './end-sql.ts';
import type { FreshnessLimit } from './freshness-limit.ts';
import { mostTurns } from './most-turns.ts';
import { notOurs, ourConnection, refused, unknownQuery, unknownThread } from './refusals.ts';
import type { Variant } from '../connection/server.ts';
import { errnoOf } from '../connection/to-fault.ts';
import { waysFor, type KillMethods } from './kill-methods.ts';
import type { Wire } from '../connection/wire.ts';

/** MariaDB broke off RDS's procedure, since it took too long. */
const brokenOff = 1969;

/**
 * Ends the sessions, each checked by what ends it; the answers come in the order of the requests. Those that KILL itself ends share
 * packets, since a packet for each would cost a round trip for each (decision 79); all others have one of their own.
 */
export async function end(
  wire: Wire,
  variant: Variant,
  ways: KillMethods,
  batch: readonly EndRequest[],
  believe: FreshnessLimit,
): Promise<readonly Attempt[]> {
  const shared = batch.filter((request) => mayShare(variant, ways, request));
  const known =
    shared.length > 1
      ? await endInPackets(wire, shared, await believe('kill'))
      : new Map<EndRequest, Attempt>();
  const attempts: Attempt[] = [];
  for (const request of batch)
    attempts.push(known.get(request) ?? (await endAlone(wire, variant, ways, request, believe)));
  return attempts;
}

function mayShare(variant: Variant, ways: KillMethods, request: EndRequest): boolean {
  const { session } = request;
  if (whyUntouchable(variant, session) !== null) return false;
  if (waysFor(ways, session.user).some((way) => way !== 'kill')) return false;
  return variant === 'mysql' && endSql(variant, 'kill', request, 0) !== null;
}

async function endAlone(
  wire: Wire,
  variant: Variant,
  ways: KillMethods,
  request: EndRequest,
  believe: FreshnessLimit,
): Promise<Attempt> {
  const untouchable = whyUntouchable(variant, request.session);
  if (untouchable === null) return endAnyWay(wire, variant, ways, request, believe);
  return { id: request.session.id, result: 'refused', code: '1095', message: untouchable };
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
    else if (typeof result === 'number') return refused(id, result);
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
