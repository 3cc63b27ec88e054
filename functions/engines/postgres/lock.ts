import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import type { Ask } from './ask.ts';

// 'unle' and 'ak' in ASCII, as the two int4 keys that no bigint key can meet.
const keys = { classid: 0x756e6c65, objid: 0x616b };

const takeSql = `select pg_catalog.pg_try_advisory_lock(${keys.classid}, ${keys.objid}) as taken`;
const freeSql = `select pg_catalog.pg_advisory_unlock(${keys.classid}, ${keys.objid}) as freed`;
const rivalsSql = `
  select coalesce(pg_catalog.bool_or(pid < pg_catalog.pg_backend_pid()), false) as "hasElder",
         pg_catalog.count(*)::int as rivals
  from pg_catalog.pg_locks
  where locktype = 'advisory' and classid = ${keys.classid} and objid = ${keys.objid} and objsubid = 2
    and granted and pid <> pg_catalog.pg_backend_pid()`;

const taken = z.tuple([z.object({ taken: z.boolean() })]);
const freed = z.tuple([z.object({ freed: z.boolean() })]);
const rivals = z.tuple([z.object({ hasElder: z.boolean(), rivals: z.number() })]);

const looks = 10;
const pauseMs = 50;

/**
 * Takes the lock of this server; false when another sweep holds it. Advisory locks are per database while sessions are
 * per server, so after taking ours we look for the same lock in other databases, and have won only when a look shows
 * none. That is safe however two sweeps race: both hold before they look, so of two the later one sees the other. Of
 * those that start at once the lowest pid stays and looks again while the others give up; one that has already won does
 * not go away, and then the lowest gives up too.
 */
export async function takeLock(ask: Ask): Promise<boolean> {
  const [answer] = await ask('lock', { text: takeSql }, taken);
  if (!answer.taken) return false;
  if (await outlastRivals(ask)) return true;
  await ask('lock', { text: freeSql }, freed);
  return false;
}

async function outlastRivals(ask: Ask): Promise<boolean> {
  for (let look = 1; look <= looks; look++) {
    const [seen] = await ask('lock', { text: rivalsSql }, rivals);
    if (seen.rivals === 0) return true;
    if (seen.hasElder) return false;
    await sleep(pauseMs); // the next question notices an abort, at most this much later
  }
  return false;
}
