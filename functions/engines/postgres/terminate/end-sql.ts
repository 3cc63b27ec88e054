import { isControlConnection } from '../connection/own-application.ts';
import { microseconds } from '../snapshot/snapshot-sql.ts';

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
 * is the last look at the session, some microseconds before the signal.
 */
const stillWaits = `((select last.wait_event from pg_catalog.pg_stat_get_activity(w.pid) last) = 'ClientRead' or w.state not like 'idle%') is true`;

/**
 * For how long a fresh view is believed, in microseconds: some four times what both looks take on a quiet 2-core machine (18 beside
 * 20 sessions, 31 beside 400, 71 beside 1,500). A server process that was taken off the processor in between finds that it is late.
 */
const freshForUs = `100 + (select pg_catalog.count(*) from pg_catalog.pg_stat_activity) / 8.0`;

/**
 * Judges and signals the sessions in $1, a JSON array. What does not change while a connection lives is judged first, of all
 * at once. Then row by row the server forgets its view of activity, takes a new one, and signals at once: a view taken once
 * for a batch is milliseconds old at the last signal, since every session that ends takes the processor first (decision 20).
 * The clock is read last: whoever cannot signal in time says `late`, and is to be asked again (decision 22).
 * The signal is sent in the select list, behind CASE: in WHERE the planner may call pg_terminate_backend before the filters,
 * and it then ends everyone. A superuser's session is never signalled: for others than superusers the server would abort
 * the statement. Asked for no number, pg_stat_get_activity gives all sessions; -1 is nobody.
 */
export const endSql = `
  with wanted as materialized (
    select * from pg_catalog.json_to_recordset($1::pg_catalog.json) as w(
      index int, action pg_catalog.text, pid int, state pg_catalog.text,
      "backendStart" bigint, "stateChange" bigint, "transactionStart" bigint, "queryStart" bigint)
  ),
  patience as materialized (
    select (${freshForUs}) * interval '1 microsecond' as believed,
      (select me.usesysid from pg_catalog.pg_stat_get_activity(pg_catalog.pg_backend_pid()) me) as "ownUser"
  ),
  judged as materialized (
    select w.*, patience.believed, patience."ownUser",
      a.pid is null or ${microseconds('a.backend_start')} <> w."backendStart" as "isGone",
      ${isSame('a', 'patience."ownUser"')} and (w.action = 'terminate' or w.action = 'cancel' and w.state = 'active')
        and r.rolsuper is not null as "isSame",
      r.rolsuper as "isSuperuser",
      pg_catalog.pg_has_role('pg_signal_backend', 'usage') or pg_catalog.pg_has_role(r.oid, 'usage') as "maySignal"
    from wanted w
    cross join patience
    left join pg_catalog.pg_stat_activity a on a.pid = w.pid
    left join pg_catalog.pg_roles r on r.oid = a.usesysid
  )
  select w.index, case
    when w."isGone" then 'gone'
    when not w."isSame" then 'changed'
    when w."isSuperuser" then 'superuser'
    when not w."maySignal" then 'not permitted'
    when fresh.pid is null then 'gone'
    when not ${isSame('fresh', 'w."ownUser"')} or not ${waitsForItsClient('fresh')} or not ${stillWaits} then 'changed'
    when pg_catalog.clock_timestamp() - forgotten.at > w.believed then 'late'
    when w.action = 'cancel' then case when pg_catalog.pg_cancel_backend(w.pid) then 'signalled' else 'gone' end
    when w.action = 'terminate' then case when pg_catalog.pg_terminate_backend(w.pid) then 'signalled' else 'gone' end
    else 'changed'
  end as result
  from judged w
  cross join lateral (
    select pg_catalog.pg_stat_clear_snapshot() is not null and w."isSame" as "isNext", pg_catalog.clock_timestamp() as at
    offset 0
  ) forgotten
  left join lateral pg_catalog.pg_stat_get_activity(case when forgotten."isNext" then w.pid else -1 end) fresh on true`;
