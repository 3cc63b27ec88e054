import { guardNames } from '../../../contract/guard-names.ts';
import { isControlConnection } from '../connection/own-application.ts';
import { privilegesSql } from '../connection/privileges.ts';
import { statementColumns } from './statement-sql.ts';
import { rawText } from './text.ts';

/** Microseconds since 1970 as text: JavaScript dates keep milliseconds only, which then equal nothing. */
export function microseconds(timestamp: string): string {
  return `(extract(epoch from ${timestamp}) * 1000000)::bigint`;
}

// One clock for all ages: the start of the statement, so no age is ever overstated.
function ageMs(timestamp: string): string {
  return `(extract(epoch from pg_catalog.statement_timestamp() - ${timestamp}) * 1000)::float8`;
}

// Slots of max_connections go to clients; walsenders have their own since PostgreSQL 12, workers always had. A session
// whose facts are hidden from us has a user, a background process has none. The limits of roles and databases count
// walsenders as well.
const takesSlot = `(a.backend_type = 'client backend' or a.backend_type is null and a.usesysid is not null)`;
const countsForLimits = `(${takesSlot} or a.backend_type = 'walsender')`;

// What conflicts with building an index.
const writersModes = `'RowExclusiveLock', 'ShareUpdateExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'`;

/** A waiter of `pairs p`. */
const blocked = `pg_catalog.json_build_object('id', p.waiter::pg_catalog.text, 'waitingMs', ${ageMs('p.since')}, 'isForSnapshot', p."isForSnapshot")`;

const strengths = `'{AccessShareLock,RowShareLock,RowExclusiveLock,ShareUpdateExclusiveLock,ShareLock,ShareRowExclusiveLock,ExclusiveLock,AccessExclusiveLock}'::pg_catalog.text[]`;

/** Whether two of the eight modes conflict: the manual's table as a sum of strengths, which the two exceptions of equal modes complete. */
function conflicts(mode: string, other: string): string {
  const [a, b] = [mode, other].map((each) => `pg_catalog.array_position(${strengths}, ${each})`);
  return `(case when ${a} = ${b} then ${a} not in (1, 2, 3, 5) else ${a} + ${b} >= 9 or ${a} + ${b} = 8 and ${a} in (3, 5) end)`;
}

const guarded = guardNames.map((name) => `'${name}'`).join(', ');

const ownUser = '(select me.usesysid from activity me where me.pid = pg_catalog.pg_backend_pid())';

// Everything is read once and in one statement. waitstart is read by name from the row as JSON since PostgreSQL 13 has
// no such column. Of sessions that queue for the same lock in the same mode none is shown as blocking the next: all
// wait for those before the queue, and the pairs would be half the square of its length. Who waits for the transaction of
// another to end (CREATE INDEX CONCURRENTLY) waits for its snapshot, unless that one has a writer's lock on a table of the waiter's.
// READ ONLY DEFERRABLE waits for snapshots without any lock, so without a time.
// The number in the name of a schema for temporary tables is that of its session since PostgreSQL 16; other databases' are not seen.
// What holds a lock without a session is a prepared transaction: the one that also holds the lock of its own number.
const sources = `
  activity as materialized (
    select * from pg_catalog.pg_stat_activity
  ),
  locks as materialized (
    select * from pg_catalog.pg_locks
  ),
  waiting as materialized (
    select l.pid, l.locktype, l.mode, (j ->> 'waitstart')::timestamptz as since,
      j - '{pid,waitstart,virtualtransaction,fastpath}'::pg_catalog.text[] as queue,
      j - '{pid,waitstart,virtualtransaction,fastpath,mode,granted}'::pg_catalog.text[] as object
    from locks l cross join lateral pg_catalog.to_jsonb(l) j where not l.granted
  ),
  pairs as materialized (
    select distinct w.pid as waiter, b.pid as blocker, w.since, w.queue, w.object, w.mode,
      w.locktype = 'virtualxid' and not exists (
        select from locks held join locks theirs using (database, relation)
        where held.pid = b.pid and held.granted and held.mode in (${writersModes})
          and theirs.pid = w.pid and theirs.granted and theirs.mode = 'ShareUpdateExclusiveLock') as "isForSnapshot"
    from waiting w cross join lateral pg_catalog.unnest(pg_catalog.pg_blocking_pids(w.pid)) b(pid)
    union all
    select a.pid, b.pid, null, '{}', '{}', null, true
    from activity a cross join lateral pg_catalog.unnest(pg_catalog.pg_safe_snapshot_blocking_pids(a.pid)) b(pid)
    where a.wait_event = 'SafeSnapshot'
  ),
  blocking as (
    select p.blocker as pid, pg_catalog.json_agg(${blocked} order by p.since, p.waiter) as blocks
    from pairs p
    left join waiting rival on rival.pid = p.blocker
    where p.blocker <> 0 and rival.queue is distinct from p.queue
    group by p.blocker
  ),
  detached as (
    select ${rawText('x.gid')} as gid, ${rawText('x.owner')} as owner, ${rawText('x.database')} as database, ${ageMs('x.prepared')} as "ageMs",
      (select coalesce(pg_catalog.json_agg(${blocked} order by p.since, p.waiter), '[]')
        from pairs p
        where p.blocker = 0 and exists (
          select from locks own join locks held using (virtualtransaction)
          where own.pid is null and own.transactionid = x.transaction and held.pid is null and held.granted
            and pg_catalog.to_jsonb(held) @> p.object and ${conflicts('p.mode', 'held.mode')})) as blocks
    from pg_catalog.pg_prepared_xacts x
  ),
  temporary as (
    select pg_catalog.pg_stat_get_backend_pid(i) as pid
    from pg_catalog.pg_stat_get_backend_idset() i
    join pg_catalog.pg_namespace n on n.nspname = 'pg_temp_' || i
    where pg_catalog.current_setting('server_version_num')::int >= 160000 and exists (
      select from pg_catalog.pg_depend d
      where d.refclassid = 'pg_catalog.pg_namespace'::pg_catalog.regclass and d.refobjid = n.oid
        and d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass)
  ),
  own as (
    select pg_catalog.split_part(c, '=', 1) as name, r.rolname as role
    from pg_catalog.pg_db_role_setting s
    cross join lateral pg_catalog.unnest(s.setconfig) c
    left join pg_catalog.pg_roles r on r.oid = s.setrole
    where pg_catalog.split_part(c, '=', 1) in (${guarded})
  )`;

// Waits that only another session, or a standby, ends. Not all of them are locks: VACUUM waits for a cursor's pin on a page,
// READ ONLY DEFERRABLE for a safe snapshot, a commit for its standby, a query on a standby for the replay (PostgreSQL's "Wait Events").
const waitsForOthers = `(a.wait_event_type in ('Lock', 'BufferPin') or coalesce(a.wait_event, '') in
      ('SafeSnapshot', 'SyncRep', 'RecoveryConflictSnapshot', 'RecoveryConflictTablespace'))`;

const sessions = `
  select a.pid::pg_catalog.text as id,
    ${microseconds('a.backend_start')}::pg_catalog.text as "backendStart",
    ${microseconds('a.state_change')}::pg_catalog.text as "stateChange",
    ${microseconds('a.xact_start')}::pg_catalog.text as "transactionStart",
    ${microseconds('a.query_start')}::pg_catalog.text as "queryStart",
    a.pid = pg_catalog.pg_backend_pid() or ${isControlConnection('a', ownUser)} as "isUnleak",
    a.backend_type as "backendType", ${rawText('a.usename')} as "user", ${rawText('a.datname')} as "database", a.application_name as application,
    pg_catalog.pg_encoding_to_char(d.encoding) as encoding,
    case when a.client_addr is not null then pg_catalog.host(a.client_addr) when a.client_port = -1 then '' end as client,
    a.state, case when ${waitsForOthers} then a.wait_event end as "waitsAt", ${statementColumns}, r.rolsuper as superuser,
    ${ageMs('a.state_change')} as "stateMs", ${ageMs('a.backend_start')} as "openMs",
    ${ageMs('a.xact_start')} as "transactionMs",
    v.pid is not null as "advisoryLock", t.pid is not null as "temporaryTable",
    ${waitsForOthers} or w.pid is not null as "waitsForLock", ${ageMs('w.since')} as "waitingMs",
    a.wait_event_type = 'Client' and a.wait_event in ('ClientRead', 'ClientWrite') as "waitsForClient",
    coalesce(b.blocks, '[]') as blocks
  from activity a
  left join pg_catalog.pg_roles r on r.oid = a.usesysid
  left join pg_catalog.pg_database d on d.oid = a.datid
  left join blocking b on b.pid = a.pid
  left join (select distinct pid from locks where granted and locktype = 'advisory') v on v.pid = a.pid
  left join (select pid, pg_catalog.min(since) as since from waiting group by pid) w on w.pid = a.pid
  left join temporary t on t.pid = a.pid`;

const limits = `
  select 'role' as kind, ${rawText('r.rolname')} as name, r.rolconnlimit as "limit",
    (select pg_catalog.count(*) from activity a where a.usesysid = r.oid and ${countsForLimits}) as used
  from pg_catalog.pg_roles r where r.rolconnlimit >= 0 and r.rolcanlogin and not r.rolsuper
  union all
  select 'database', ${rawText('d.datname')}, d.datconnlimit,
    (select pg_catalog.count(*) from activity a where a.datid = d.oid and ${countsForLimits})
  from pg_catalog.pg_database d where d.datconnlimit >= 0`;

const capacity = `
  pg_catalog.json_build_object(
    'maxConnections', pg_catalog.current_setting('max_connections')::int,
    'reserved', pg_catalog.current_setting('superuser_reserved_connections')::int
      + coalesce(pg_catalog.current_setting('reserved_connections', true)::int, 0),
    'used', (select pg_catalog.count(*) from activity a where ${takesSlot}),
    'limits', (select coalesce(pg_catalog.json_agg(l), '[]') from (${limits}) l))`;

// What holds for everybody: a setting that our own role, database or connection has says nothing of others. `settings` of
// pg_db_role_setting are name=value; those of a database apply to many roles, so the guard counts as not told.
const guards = `
  pg_catalog.json_build_object(
    'limitsMs', (select coalesce(pg_catalog.json_object_agg(s.name,
        s.setting::float8 * case s.unit when 's' then 1000 else 1 end), '{}')
      from pg_catalog.pg_settings s
      where s.name in (${guarded}) and s.source in ('default', 'configuration file', 'command line', 'global')
        and not exists (select from own o where o.role is null and o.name = s.name)),
    'exempt', (select coalesce(pg_catalog.json_agg(distinct ${rawText('o.role')}), '[]') from own o where o.role is not null))`;

/** Sessions, who blocks whom, capacity and our privileges as one row of one statement, for PostgreSQL 13 to 18; it takes
 *  no lock beyond AccessShare on catalogs. */
export const snapshotSql = `
  with ${sources}
  select
    pg_catalog.to_char(pg_catalog.statement_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "takenAt",
    pg_catalog.to_char(pg_catalog.pg_postmaster_start_time() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "startedAt",
    pg_catalog.split_part(pg_catalog.current_setting('server_version'), ' ', 1) as version,
    pg_catalog.getdatabaseencoding()::pg_catalog.text as encoding,
    ${privilegesSql},
    ${capacity} as capacity,
    ${guards} as guards,
    (select coalesce(pg_catalog.json_agg(d), '[]') from detached d) as detached,
    (select coalesce(pg_catalog.json_agg(s), '[]') from (${sessions}) s) as sessions`;
