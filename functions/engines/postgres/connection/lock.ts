import { randomInt } from 'node:crypto';
import * as z from 'zod';
import { Fault } from '../../../core/model/fault.ts';
import type { SweepLock } from '../../../core/sweep-lock.ts';
import {
  type Holders,
  type LockSteps,
  type Rival,
  takeLock as takeLockBy,
  watchLock as watchLockBy,
} from '../../take-lock.ts';
import type { Ask } from './ask.ts';
import { isControlConnection, ownApplication } from './own-application.ts';
import { microseconds } from '../snapshot/snapshot-sql.ts';

// 'unle' in ASCII, as the first of the two int4 keys that no bigint key can meet.
const mark = 0x756e6c65;
const smallest = -(2 ** 31);
const afterLargest = 2 ** 31;

const raiseSql = `select pg_catalog.pg_try_advisory_lock(${mark}, $1) as taken`;
const lowerSql = `select pg_catalog.pg_advisory_unlock(${mark}, $1) as freed`;

// Our own login's first, so that no number of others hides them.
const holdersSql = `
  with holders as (
    select distinct l.pid from pg_catalog.pg_locks l
    where l.locktype = 'advisory' and l.classid = ${mark} and l.objsubid = 2 and l.granted
  )
  select a.pid::pg_catalog.text as id, a.pid < me.pid as "isElder", a.usesysid = me.usesysid as "isOurs",
    a.usename as "user", a.application_name as application, pg_catalog.host(a.client_addr) as client,
    ${microseconds('a.backend_start')}::pg_catalog.text as "backendStart",
    (extract(epoch from pg_catalog.clock_timestamp() - a.backend_start) * 1000)::float8 as "ageMs"
  from holders h
  join pg_catalog.pg_stat_activity a on a.pid = h.pid
  join pg_catalog.pg_stat_activity me on me.pid = pg_catalog.pg_backend_pid()
  where a.pid <> me.pid
  order by "isOurs" desc, a.backend_start limit 100`;

// The signal is sent in the select list, behind CASE, as in end-sql. Asked for no number, pg_stat_get_activity gives all sessions.
const endSql = `
  select coalesce(case when a.pid <> me.pid and ${isControlConnection('a', 'me.usesysid')}
      and ${microseconds('a.backend_start')} = $2::bigint
    then pg_catalog.pg_terminate_backend(a.pid) end, false) as ended
  from pg_catalog.pg_stat_get_activity(coalesce($1::int, -1)) a
  cross join pg_catalog.pg_stat_get_activity(pg_catalog.pg_backend_pid()) me`;

const text = z.string().nullable();
const holderSchema = z.object({
  ...{ id: z.string(), isElder: z.boolean(), isOurs: z.boolean().nullable() },
  ...{ user: text, application: text, client: text, backendStart: text, ageMs: z.number().nullable() },
});
type Holder = z.output<typeof holderSchema>;

/**
 * Takes the lock of this server. The mark is an advisory lock with a key by chance, so that nobody can hold it first. Advisory
 * locks are per database, but pg_locks shows those of all databases.
 */
export function takeLock(ask: Ask, sweepMs: number): Promise<SweepLock> {
  return takeLockBy(toSteps(ask, sweepMs));
}

/** Who holds the lock, for a connection that shows no mark itself. */
export function watchLock(ask: Ask, sweepMs: number): Promise<SweepLock> {
  return watchLockBy(toSteps(ask, sweepMs));
}

function toSteps(ask: Ask, sweepMs: number): LockSteps {
  const key = randomInt(smallest, afterLargest);
  const starts = new Map<string, string | null>();
  return {
    raise: async () => {
      const [answer] = await ask(
        'lock',
        { text: raiseSql, values: [key] },
        z.tuple([z.object({ taken: z.boolean() })]),
      );
      if (!answer.taken) throw isGuessed();
    },
    lower: async () => {
      await ask('lock', { text: lowerSql, values: [key] }, z.unknown());
    },
    readHolders: async () => {
      const holders = await ask('lock', { text: holdersSql }, z.array(holderSchema));
      for (const { id, backendStart } of holders) starts.set(id, backendStart);
      return toHolders(holders, sweepMs);
    },
    end: async ({ id }) => {
      const values = [id, starts.get(id)];
      const [answer] = await ask('lock', { text: endSql, values }, z.array(z.object({ ended: z.boolean() })));
      return answer?.ended === true;
    },
  };
}

function toHolders(holders: readonly Holder[], sweepMs: number): Holders {
  return {
    rivals: holders.filter(({ isOurs }) => isOurs === true).map((holder) => toRival(holder, sweepMs)),
    strangers: holders.filter(({ isOurs }) => isOurs !== true).map(toLockHolder),
  };
}

function toRival(holder: Holder, sweepMs: number): Rival {
  const { isElder, application, ageMs } = holder;
  const isHanging = application === ownApplication && ageMs !== null && ageMs >= 2 * sweepMs;
  return { ...toLockHolder(holder), isElder, isHanging };
}

function toLockHolder({ id, user, application, client, ageMs }: Holder) {
  return { id, user, application, client, ageMs };
}

// One key of four thousand millions.
function isGuessed(): Fault {
  return new Fault({
    ...{ code: 'snapshot.failed', step: 'lock', actor: 'dba' },
    message: 'Another session holds the very advisory lock that this sweep chose by chance.',
  });
}
