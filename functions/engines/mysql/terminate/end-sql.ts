import type { EndRequest } from '../../engine.ts';
import { inTime, nobody } from './no-such-id.ts';
import { statementsAreRecorded } from '../snapshot/snapshot-sql.ts';
import type { Variant } from '../connection/server.ts';
import type { Procedures, WayToEnd } from './kill-methods.ts';

/** Whether the session was there, and whether it was still the same, after a packet of `endSql` ended nobody. */
export const askWhatWasSeen = `SELECT @unleak_seen AS seen, NULLIF(@unleak_same, ${nobody}) AS same`;

/**
 * The packet that checks and ends one session: the server runs its statements one right after the other, and KILL of nobody
 * ends nothing (1094). The last look at the session is believed for so many microseconds. Null when the session carries
 * nothing that could prove it the same.
 */
export function endSql(
  variant: Variant,
  way: WayToEnd,
  request: EndRequest,
  freshForUs: number,
): string | null {
  return (variant === 'mariadb' ? endOnMariadb : endOnMysql)(way, request, freshForUs);
}

/**
 * The thread's number is never used twice, the event's changes with every command the client sends; both have an index. First
 * everything is compared; then, in one row of one table, whether the session has been used since. KILL reads the clock again
 * by itself, and ends nobody once the look is too old to be believed (decision 22).
 */
function endOnMysql(way: WayToEnd, { session, action }: EndRequest, freshForUs: number): string | null {
  const { connection: thread, use: event = '' } = session.identity;
  if (!areDigits(session.id, thread, event) || session.state !== session.identity['state']) return null;
  const isRunning = session.state === 'active';
  const asleep = `t.processlist_command = 'Sleep' AND (s.event_id IS NULL OR s.end_event_id IS NOT NULL)`;
  const running = `t.processlist_command <> 'Sleep' AND s.event_id IS NOT NULL AND s.end_event_id IS NULL`;
  // What is not recorded any more looks unchanged for ever.
  const isRecorded = `t.instrumented = 'YES' AND ${statementsAreRecorded}`;
  const same = `${isRecorded} AND IF(s.thread_id + 0 <=> t.thread_id, s.event_id, 0) = ${event} AND ${isRunning ? running : asleep}`;
  const check = `SELECT MAX(t.processlist_id), COALESCE(MAX(IF(${same}, t.processlist_id, NULL)), ${nobody})
    INTO @unleak_seen, @unleak_same
    FROM performance_schema.threads t LEFT JOIN performance_schema.events_statements_current s
      ON s.thread_id = t.thread_id AND s.nesting_event_level = 0
    WHERE t.processlist_id = ${session.id} AND t.thread_id = ${thread} AND t.processlist_id <> CONNECTION_ID()`;
  const row = lookAgainOnMysql(thread, event, isRunning);
  const look = `SET @unleak_at = SYSDATE(6), @unleak_same = ${row}`;
  // A first look warms the processor for the one that counts: over a slow wire that takes a third off its time.
  const signal =
    way !== 'kill' && !way.looksUp
      ? [callWithLook(procedureOf(way, action), row, freshForUs)]
      : [look, signalOnMysql(way, action, toWhom(freshForUs))];
  return [check, look, ...signal].join('; ');
}

/**
 * The number to end, or nobody's: one row of one table, found by its index. SET and CALL go from left to right: the clock stands
 * before the row, so that whatever delays the server from then on shows. A session that never ran anything has no event, and must have none still.
 */
function lookAgainOnMysql(thread: string, event: string, isRunning: boolean): string {
  const ofThread = `s.thread_id + 0 = ${thread}`;
  const used = `${ofThread} AND s.event_id = ${event} AND s.end_event_id IS ${isRunning ? '' : 'NOT'} NULL`;
  const isUnused =
    Number(event) === 0 ? `COUNT(IF(${ofThread}, 1, NULL)) = 0` : `COUNT(IF(${used}, 1, NULL)) = 1`;
  return `(SELECT IF(${isUnused}, @unleak_same, ${nobody})
    FROM performance_schema.events_statements_current s WHERE s.thread_id = ${thread} AND s.nesting_event_level = 0)`;
}

// The answer to each statement of a packet wakes whoever waits for it, and the server's own thread may have to sleep for that.
const toWhom = (freshForUs: number) => inTime('@unleak_same', '@unleak_at', String(freshForUs));

function signalOnMysql(way: WayToEnd, action: EndRequest['action'], whom: string): string {
  if (way !== 'kill') return `CALL ${procedureOf(way, action)}(${whom})`;
  return action === 'cancel' ? `KILL QUERY ${whom}` : `KILL ${whom}`;
}

/**
 * A procedure of a user's own gets the clock and the look as arguments, which the server reads once everything else is ready, and
 * reads the clock again right before its KILL: half the time of a look before the CALL (decision 23).
 */
function callWithLook(procedure: string, row: string, freshForUs: number): string {
  return `CALL ${procedure}(SYSDATE(6), ${row}, ${freshForUs})`;
}

function procedureOf({ kill, killQuery }: Procedures, action: EndRequest['action']): string {
  return action === 'cancel' ? killQuery : kill;
}

/**
 * The query's number is the server's own count and changes with every command. A ping takes the number that the next query
 * will have, so it proves something only where nobody else has it; once our own statement has a higher one, nobody gets it any
 * more. The process list has no index and is milliseconds old when it has been read. So, one step before the end, KILL QUERY ID
 * asks again: it finds nobody (1957) once the session has begun another command, and does nothing to one that sleeps but show
 * it as Killed, since every command begins by forgetting it. One that runs would lose its statement by being asked, and perhaps
 * not be ended after all, so it is not asked. KILL then reads the clock, as on MySQL (decision 22). All that have not yet run
 * anything share the number 0.
 *
 * RDS gives both KILLs as procedures only. The one that ends sessions reads the process list by itself first, so the whole
 * call has its time: the server breaks it off before its KILL when it takes longer (measured). That holds outside of a block only.
 */
function endOnMariadb(way: WayToEnd, { session, action }: EndRequest, freshForUs: number): string | null {
  const { connection, use: query = '' } = session.identity;
  if (!areDigits(session.id, query) || session.state !== session.identity['state']) return null;
  const hasRun = Number(query) !== 0;
  if (action === 'cancel' && !hasRun) return null;
  const mayAsk = hasRun && session.state !== 'active';
  const state =
    session.state === 'active' ? `command NOT IN ('Sleep', 'Killed')` : `command IN ('Sleep', 'Killed')`;
  const there = `id = ${session.id} AND CONCAT(user, '@', host) = ${toLiteral(connection)} AND id <> CONNECTION_ID()`;
  const same = `${there} AND query_id = ${query} AND ${state} AND time_ms >= ${session.stateMs ?? 0}`;
  const check = `
    SET @unleak_seen = NULL, @unleak_same = ${nobody};
    SELECT MAX(IF(${there}, id, NULL)),
        COALESCE(MAX(IF(${same}, ${action === 'cancel' ? 'query_id' : 'id'}, NULL)), ${nobody}),
        COUNT(IF(query_id = ${query}, 1, NULL)) = 1
      INTO @unleak_seen, @unleak_same, @unleak_alone
      FROM information_schema.processlist WHERE id = ${session.id} OR query_id = ${query};`;
  if (action === 'cancel') return toBlock(check, forgetUnlessAlone, killQuery(way, '@unleak_same'));
  const ask = mayAsk
    ? `IF @unleak_alone AND @unleak_same <> ${nobody} THEN ${killQuery(way, query)} END IF;`
    : '';
  if (way !== 'kill' && way.looksUp) return `${toBlock(check, ask)}; ${callWithin(freshForUs, way.kill)}`;
  const kill =
    way === 'kill'
      ? `KILL ${toWhom(freshForUs)};`
      : `CALL ${way.kill}(@unleak_at, @unleak_same, ${freshForUs});`;
  return toBlock(check, 'SET @unleak_at = SYSDATE(6);', ask, kill);
}

function toBlock(...statements: readonly string[]): string {
  return `BEGIN NOT ATOMIC ${statements.join(' ')} END`;
}

const forgetUnlessAlone = `IF NOT @unleak_alone THEN SET @unleak_same = ${nobody}; END IF;`;

const killQuery = (way: WayToEnd, query: string) =>
  way === 'kill' ? `KILL QUERY ID ${query};` : `CALL ${way.killQuery}(${query});`;

const callWithin = (freshForUs: number, kill: string) =>
  `SET STATEMENT max_statement_time = ${(freshForUs / 1e6).toFixed(6)} FOR CALL ${kill}(@unleak_same)`;

function areDigits(...texts: (string | undefined)[]): boolean {
  return texts.every((text) => text !== undefined && /^\d{1,20}$/.test(text));
}

// Hexadecimal, so that no name, whatever it holds, is ever read as SQL.
function toLiteral(text: string): string {
  return `CONVERT(0x${Buffer.from(text, 'utf8').toString('hex')} USING utf8mb4)`;
}
