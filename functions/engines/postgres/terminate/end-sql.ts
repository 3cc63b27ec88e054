import { isControlConnection } from '../connection/own-application.ts';
import { microseconds } from '../snapshot/snapshot-sql.ts';
import { countOfSessionsSql, freshForUs } from './freshness-limit.ts';

/** Whether a row of activity is still the wanted session in the state in which it was seen; what is not known is not the same. */
const isSame = (row: string, ownUser: string) => `coalesce(
        ${row}.backend_type = 'client backend'
        and ${row}.pid <> pg_catalog.pg_backend_pid()
        and not ${isControlConnection(row, ownUser)}
        and ${row}.state = w.state
        and ${microseconds(`${row}.backend_start`)} = w."backendStart"
        and ${microseconds(`${row}.state_change`)} = w."stateChange"
        and ${microseconds(`${row}.xact_start`)} is not distinct from w."transactionStart"
        and ${microseconds(`${row}.query_start`)} is not distinct from w."queryStart", false)`;

// The server copies its table of all sessions' activity, and reads the wait of a row as it builds the row: by then a session
// that has woken up since its own part was copied no longer waits for its client.
const waitsForItsClient = (row: string) =>
  `(${row}.wait_event = 'ClientRead' or w.state not like 'idle%') is true`;

/**
 * The same once more: asked again without being forgotten, the view is not copied anew, but the wait is read as it is now. This
 * is the last check of the session, some microseconds before the signal.
 */
const stillWaits = `((select last.wait_event from pg_catalog.pg_stat_get_activity(w.pid) last) = 'ClientRead' or w.state not like 'idle%') is true`;

/** How often a session is checked anew, in one statement, until its signal comes in time. */
const mostTries = 10;
/** From then on each session of the statement is tried once, so that the statement stays far below its own time limit. */
const triesMs = 500;

/** What is true of the session as long as it is connected, and whether it was used before its turn; null: its turn may come. */
const firstVerdict = `case
        when w.pid is null then 'changed'
        when a.pid is null or ${microseconds('a.backend_start')} <> w."backendStart" then 'gone'
        when not ${isSame('a', 'limits."ownUser"')} then 'changed'
        when not coalesce(w.action = 'terminate' or w.action = 'cancel' and w.state = 'active', false) then 'changed'
        when r.rolsuper is null then 'changed'
        when r.rolsuper then 'superuser'
        when (pg_catalog.pg_has_role('pg_signal_backend', 'usage') or pg_catalog.pg_has_role(r.oid, 'usage')) is not true
        then 'not permitted'
      end`;

/** Judges one session by the fresh view, and signals it. The clock is read after all checks and before the signal. */
const checkAndSignal = `case
        when fresh.pid is null then 'gone'
        when not ${isSame('fresh', 'w."ownUser"')} or not ${waitsForItsClient('fresh')} or not ${stillWaits} then 'changed'
        when pg_catalog.clock_timestamp() - forgotten.at > w.believed then 'late'
        when w.action = 'cancel' then case when pg_catalog.pg_cancel_backend(w.pid) then 'signalled' else 'gone' end
        when w.action = 'terminate' then case when pg_catalog.pg_terminate_backend(w.pid) then 'signalled' else 'gone' end
        else 'changed'
      end`;

/**
 * Judges and signals the sessions in $1, a JSON array. First each row is judged by whatever view there is: that spares those
 * who left or are not ours to end. Then the server forgets its view of activity, takes a new one, and signals at once: a view taken
 * once for a batch is milliseconds old at the last signal, since every session that ends takes the processor first (decision 20).
 * The clock is read last: one that cannot be signalled in time is `late`, and is tried again at once (decisions 22 and 78).
 *
 * The signal is sent in a select list, behind CASE: in WHERE the planner may call pg_terminate_backend before the filters,
 * and it then ends everyone. OFFSET 0 keeps every filter outside of the part that it closes. A superuser's session is never signalled:
 * for others than superusers the server would abort the statement. Asked for no number, pg_stat_get_activity gives all sessions; -1 is
 * nobody. No part may be answered from memory: each depends on the number and the time of its try, and our settings forbid Memoize and Materialize.
 */
export const endSql = `
  with wanted as materialized (
    select * from pg_catalog.json_to_recordset($1::pg_catalog.json) as w(
      index int, action pg_catalog.text, pid int, state pg_catalog.text,
      "backendStart" bigint, "stateChange" bigint, "transactionStart" bigint, "queryStart" bigint)
  ),
  limits as materialized (
    select (${countOfSessionsSql}) as sessions,
      (select me.usesysid from pg_catalog.pg_stat_get_activity(pg_catalog.pg_backend_pid()) me) as "ownUser"
  ),
  judged as materialized (
    select w.*, limits."ownUser", ${firstVerdict} as verdict,
      (${freshForUs('limits.sessions', 'a.state_change')}) * interval '1 microsecond' as believed
    from wanted w
    cross join limits
    left join lateral pg_catalog.pg_stat_get_activity(coalesce(w.pid, -1)) a on true
    left join pg_catalog.pg_roles r on r.oid = a.usesysid
  )
  select w.index, coalesce(w.verdict, final.result, 'late') as result
  from judged w
  left join lateral (
    select tried.result
    from (
      select ${checkAndSignal} as result
      from pg_catalog.generate_series(1, case when w.verdict is null then ${mostTries} else 0 end) as tries(number)
      cross join lateral (
        select pg_catalog.pg_stat_clear_snapshot() is not null and tries.number > 0 as "isNext", pg_catalog.clock_timestamp() as at
        where tries.number = 1
          or pg_catalog.clock_timestamp() < pg_catalog.statement_timestamp() + interval '${triesMs} milliseconds'
        offset 0
      ) forgotten
      left join lateral pg_catalog.pg_stat_get_activity(
        case when forgotten."isNext" and forgotten.at is not null then w.pid else -1 end) fresh on true
      offset 0
    ) tried
    where tried.result <> 'late'
    limit 1
  ) final on true`;
