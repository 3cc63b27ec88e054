import type { EndRequest } from '../engine.ts';
import { nobody } from './nobody.ts';
import type { WayToEnd } from './privileges.ts';
import type { Flavour } from './server.ts';

/** Whether the session was there, and whether it was still the same, after a packet of `endSql` ended nothing. */
export const askWhatWasSeen = `SELECT @unleak_seen AS seen, NULLIF(@unleak_same, ${nobody}) AS same`;

/**
 * The packet that checks and ends one session: the server runs its statements one right after the other, and KILL of nobody
 * ends nothing (1094). Null when the session carries nothing that could prove it the same.
 */
export function endSql(flavour: Flavour, way: WayToEnd, request: EndRequest): string | null {
  const check = flavour === 'mysql' ? checkOnMysql(request) : checkOnMariadb(request);
  if (check === null) return null;
  return `SET @unleak_seen = NULL, @unleak_same = ${nobody}; ${check}; ${signal(flavour, way, request)}`;
}

function signal(flavour: Flavour, way: WayToEnd, { action }: EndRequest): string {
  if (flavour === 'mariadb') return action === 'cancel' ? 'KILL QUERY ID @unleak_same' : 'KILL @unleak_same';
  if (way === 'rds_kill')
    return action === 'cancel'
      ? 'CALL mysql.rds_kill_query(@unleak_same)'
      : 'CALL mysql.rds_kill(@unleak_same)';
  return action === 'cancel' ? 'KILL QUERY @unleak_same' : 'KILL @unleak_same';
}

/** The thread's number is never used twice, the event's changes with every command the client sends; both have an index. */
function checkOnMysql({ session }: EndRequest): string | null {
  const { connection: thread, use: event } = session.identity;
  if (!areDigits(session.id, thread, event) || session.state !== session.identity['state']) return null;
  const asleep = `t.processlist_command = 'Sleep' AND (s.event_id IS NULL OR s.end_event_id IS NOT NULL)`;
  const running = `t.processlist_command <> 'Sleep' AND s.event_id IS NOT NULL AND s.end_event_id IS NULL`;
  return `SELECT t.processlist_id, IF(IF(s.thread_id + 0 <=> t.thread_id, s.event_id, 0) = ${event ?? ''}
      AND ${session.state === 'active' ? running : asleep}, t.processlist_id, ${nobody})
    INTO @unleak_seen, @unleak_same
    FROM performance_schema.threads t LEFT JOIN performance_schema.events_statements_current s
      ON s.thread_id = t.thread_id AND s.nesting_event_level = 0
    WHERE t.processlist_id = ${session.id} AND t.thread_id = ${thread} AND t.processlist_id <> CONNECTION_ID()`;
}

/** The query's number is the server's own count and changes with every command; a statement is cancelled by that number alone. */
function checkOnMariadb({ session, action }: EndRequest): string | null {
  const { connection, use: query } = session.identity;
  if (!areDigits(session.id, query) || session.state !== session.identity['state']) return null;
  // All that have not yet run anything share the number 0.
  if (action === 'cancel' && Number(query) === 0) return null;
  const state = session.state === 'active' ? `command NOT IN ('Sleep', 'Killed')` : `command = 'Sleep'`;
  const target = action === 'cancel' ? 'query_id' : 'id';
  return `SELECT id, IF(query_id = ${query ?? ''} AND ${state} AND time_ms >= ${session.stateMs ?? 0}, ${target}, ${nobody})
    INTO @unleak_seen, @unleak_same
    FROM information_schema.processlist
    WHERE id = ${session.id} AND CONCAT(user, '@', host) = ${toLiteral(connection)} AND id <> CONNECTION_ID()`;
}

function areDigits(...texts: (string | undefined)[]): boolean {
  return texts.every((text) => text !== undefined && /^\d{1,20}$/.test(text));
}

// Hexadecimal, so that no name, whatever it holds, is ever read as SQL.
function toLiteral(text: string): string {
  return `CONVERT(0x${Buffer.from(text, 'utf8').toString('hex')} USING utf8mb4)`;
}
