import * as z from 'zod';
import { guardNames } from '../../../contract/guard-names.ts';
import type { Session } from '../../../core/model/session.ts';
import { byAge } from '../../../core/model/session-order.ts';
import type { DetachedTransaction, MissingPrivilege, Snapshot } from '../../../core/model/snapshot.ts';
import type { Ask } from '../connection/ask.ts';
import { count, instant, ms, version } from './fields.ts';
import { demandSight, privilegesSchema, toMissing, toKillScope } from '../connection/privileges.ts';
import { snapshotSql } from './snapshot-sql.ts';
import { readText } from './text.ts';
import {
  blockedSchema,
  type SessionRow,
  sessionRowSchema,
  toAge,
  toBlocked,
  toSession,
} from './to-session.ts';

const limitSchema = z.object({
  kind: z.enum(['role', 'database']),
  name: z.string(),
  limit: count,
  used: count,
});

const detachedSchema = z.object({
  gid: z.string(),
  owner: z.string().nullable(),
  database: z.string().nullable(),
  ageMs: ms,
  blocks: z.array(blockedSchema),
});

const answerSchema = z.tuple([
  privilegesSchema.extend({
    encoding: z.string(),
    takenAt: instant,
    startedAt: instant,
    version,
    capacity: z.object({
      maxConnections: count,
      reserved: count,
      used: count,
      limits: z.array(limitSchema),
    }),
    guards: z.object({
      limitsMs: z.partialRecord(z.enum(guardNames), z.number()),
      exempt: z.array(z.string()),
    }),
    detached: z.array(detachedSchema),
    sessions: z.array(sessionRowSchema),
  }),
]);

/** All sessions and the capacity in one statement; a Snapshot fault when our login may not see others' sessions. */
export async function look(ask: Ask): Promise<Snapshot> {
  const [answer] = await ask('snapshot', { text: snapshotSql }, answerSchema);
  const nameOf = (raw: string) => readText(raw, answer.encoding);
  const privileges = { ...answer, login: nameOf(answer.login), ofRoles: answer.ofRoles.map(nameOf) };
  demandSight(privileges);
  const killScope = toKillScope(privileges);
  const sessions = answer.sessions.map(toSession);
  return {
    engine: 'postgres',
    version: answer.version,
    takenAt: answer.takenAt,
    startedAt: answer.startedAt,
    capacity: {
      ...answer.capacity,
      limits: answer.capacity.limits.map((limit) => ({ ...limit, name: nameOf(limit.name) })),
    },
    sessions: sessions.toSorted(byAge),
    detached: answer.detached.map((each) => toDetached(each, nameOf)),
    ...(killScope !== null && { killScope }),
    missing: [...toMissing(privileges), ...toUntracked(answer.sessions, sessions)],
    guards: { ...answer.guards, exempt: answer.guards.exempt.map(nameOf) },
  };
}

/** Sessions that do not report what they do, since track_activities is off for them: no rule can take one. */
function toUntracked(rows: readonly SessionRow[], sessions: readonly Session[]): readonly MissingPrivilege[] {
  const untracked = sessions.filter((_session, index) => rows[index]?.state === 'disabled');
  if (untracked.length === 0) return [];
  const users = [...new Set(untracked.map(({ user }) => user ?? '(unknown)'))].sort();
  return [
    {
      prevents: 'detail',
      what: `what ${untracked.length === 1 ? '1 session does' : `${untracked.length} sessions do`} (of ${users.join(', ')}), so that none of them is ended: track_activities is off for them`,
      grant: `ALTER SYSTEM SET track_activities = on; SELECT pg_reload_conf(); and for each of them ALTER ROLE … RESET track_activities;`,
    },
  ];
}

function toDetached(
  { gid, owner, database, ageMs, blocks }: z.output<typeof detachedSchema>,
  nameOf: (raw: string) => string,
): DetachedTransaction {
  return {
    kind: 'prepared',
    name: nameOf(gid),
    user: owner && nameOf(owner),
    database: database && nameOf(database),
    ageMs: toAge(ageMs),
    blocks: toBlocked(blocks),
  };
}
