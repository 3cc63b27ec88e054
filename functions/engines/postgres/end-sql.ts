import { ownApplication } from './own-application.ts';
import { microseconds } from './snapshot-sql.ts';

/**
 * Judges and signals the sessions in $1, a JSON array. The signal is sent in the select list, behind CASE, over rows
 * that are materialized first: in WHERE the planner may call pg_terminate_backend before the filters, and it then ends
 * everyone. A superuser's session is never signalled: for others than superusers the server would abort the statement.
 */
export const endSql = `
  with wanted as materialized (
    select * from pg_catalog.json_to_recordset($1::pg_catalog.json) as w(
      index int, action pg_catalog.text, pid int, state pg_catalog.text,
      "backendStart" bigint, "stateChange" bigint, "transactionStart" bigint, "queryStart" bigint)
  ),
  judged as materialized (
    select w.index, w.action, w.pid,
      a.pid is null or ${microseconds('a.backend_start')} <> w."backendStart" as "isGone",
      coalesce(
        a.backend_type = 'client backend'
        and a.pid <> pg_catalog.pg_backend_pid()
        and a.application_name <> '${ownApplication}'
        and a.state = w.state
        and ${microseconds('a.backend_start')} = w."backendStart"
        and ${microseconds('a.state_change')} = w."stateChange"
        and ${microseconds('a.xact_start')} is not distinct from w."transactionStart"
        and ${microseconds('a.query_start')} is not distinct from w."queryStart"
        and (w.action = 'terminate' or w.action = 'cancel' and a.state = 'active')
        and r.rolsuper is not null, false) as "isSame",
      r.rolsuper as "isSuperuser",
      pg_catalog.pg_has_role('pg_signal_backend', 'usage') or pg_catalog.pg_has_role(r.oid, 'usage') as "maySignal"
    from wanted w
    left join pg_catalog.pg_stat_activity a on a.pid = w.pid
    left join pg_catalog.pg_roles r on r.oid = a.usesysid
  )
  select index, case
    when "isGone" then 'gone'
    when not "isSame" then 'changed'
    when "isSuperuser" then 'superuser'
    when not "maySignal" then 'not permitted'
    when action = 'cancel' then case when pg_catalog.pg_cancel_backend(pid) then 'signalled' else 'gone' end
    when action = 'terminate' then case when pg_catalog.pg_terminate_backend(pid) then 'signalled' else 'gone' end
    else 'changed'
  end as result
  from judged`;
