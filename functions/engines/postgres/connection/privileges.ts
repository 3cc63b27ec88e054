import * as z from 'zod';
import { Fault } from '../../../core/model/fault.ts';
import type { MissingPrivilege, KillScope } from '../../../core/model/snapshot.ts';
import { rawText } from '../snapshot/text.ts';

/** What our login may do; a superuser may everything. `member` without the privilege is a login that does not inherit. */
export const privilegesSchema = z.object({
  login: z.string(),
  inheritsPerGrant: z.boolean(),
  maySee: z.boolean(),
  isMemberForSeeing: z.boolean(),
  maySignal: z.boolean(),
  isMemberForSignalling: z.boolean(),
  /** Whose sessions it may end by being a member of those roles; empty where it may end those of all. */
  ofRoles: z.array(z.string()),
});
export type Privileges = z.output<typeof privilegesSchema>;

/** The columns of `privilegesSchema`; pg_monitor, which we ask for, is a member of pg_read_all_stats. */
export const privilegesSql = `
  ${rawText('current_user')} as login,
  pg_catalog.current_setting('server_version_num')::int >= 160000 as "inheritsPerGrant",
  pg_catalog.pg_has_role('pg_read_all_stats', 'usage') as "maySee",
  pg_catalog.pg_has_role('pg_read_all_stats', 'member') as "isMemberForSeeing",
  pg_catalog.pg_has_role('pg_signal_backend', 'usage') as "maySignal",
  pg_catalog.pg_has_role('pg_signal_backend', 'member') as "isMemberForSignalling",
  (select coalesce(pg_catalog.json_agg(${rawText('r.rolname')} order by r.rolname), '[]')
    from pg_catalog.pg_roles r
    where not pg_catalog.pg_has_role('pg_signal_backend', 'usage') and r.rolcanlogin and not r.rolsuper
      and r.rolname <> current_user and pg_catalog.pg_has_role(r.oid, 'usage')) as "ofRoles"`;

/** Throws unless our login sees everyone's sessions: without it states are NULL and a look would silently find nothing. */
export function demandSight(privileges: Privileges): void {
  if (privileges.maySee) return;
  const grant = toGrant(privileges, 'pg_monitor', privileges.isMemberForSeeing);
  throw new Fault({
    code: 'snapshot.privileges',
    step: 'snapshot',
    message: `The login ${quoteName(privileges.login)} may not see other users' sessions. Run as a superuser: ${grant}`,
  });
}

/** Whose sessions our login may end; null where it may end those of all, or of nobody. */
export function toKillScope({ maySignal, ofRoles }: Privileges): KillScope | null {
  return maySignal || ofRoles.length === 0 ? null : { users: ofRoles, butNot: [] };
}

/** What our login lacks beside seeing; it may still end sessions of roles that it is a member of. */
export function toMissing(privileges: Privileges): readonly MissingPrivilege[] {
  if (privileges.maySignal || privileges.ofRoles.length > 0) return [];
  const grant = toGrant(privileges, 'pg_signal_backend', privileges.isMemberForSignalling);
  return [{ prevents: 'ending', what: "ending other users' sessions", grant }];
}

function toGrant({ login, inheritsPerGrant }: Privileges, role: string, isMember: boolean): string {
  if (!isMember) return `GRANT ${role} TO ${quoteName(login)};`;
  return inheritsPerGrant
    ? `GRANT ${role} TO ${quoteName(login)} WITH INHERIT TRUE;`
    : `ALTER ROLE ${quoteName(login)} INHERIT;`;
}

/** A name as SQL wants it. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
