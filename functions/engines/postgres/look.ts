import * as z from 'zod';
import { guardNames } from '../../contract/guard-names.ts';
import type { DetachedTransaction, Snapshot } from '../../core/snapshot.ts';
import type { Ask } from './ask.ts';
import { demandSight, privilegesSchema, toMissing, toRights } from './privileges.ts';
import { snapshotSql } from './snapshot-sql.ts';
import { readText } from './text.ts';
import { blockedSchema, sessionRowSchema, toAge, toBlocked, toSession } from './to-session.ts';

const limitSchema = z.object({
  kind: z.enum(['role', 'database']),
  name: z.string(),
  limit: z.number(),
  used: z.number(),
});

const detachedSchema = z.object({
  gid: z.string(),
  owner: z.string().nullable(),
  database: z.string().nullable(),
  ageMs: z.number().nullable(),
  blocks: z.array(blockedSchema),
});

const answerSchema = z.tuple([
  privilegesSchema.extend({
    encoding: z.string(),
    takenAt: z.string(),
    version: z.string(),
    capacity: z.object({
      maxConnections: z.number(),
      reserved: z.number(),
      used: z.number(),
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
  const [answer] = await ask('look', { text: snapshotSql }, answerSchema);
  const nameOf = (raw: string) => readText(raw, answer.encoding);
  const privileges = { ...answer, login: nameOf(answer.login), ofRoles: answer.ofRoles.map(nameOf) };
  demandSight(privileges);
  const rights = toRights(privileges);
  return {
    engine: 'postgres',
    version: answer.version,
    takenAt: answer.takenAt,
    capacity: {
      ...answer.capacity,
      limits: answer.capacity.limits.map((limit) => ({ ...limit, name: nameOf(limit.name) })),
    },
    sessions: answer.sessions.map(toSession),
    detached: answer.detached.map((each) => toDetached(each, nameOf)),
    ...(rights !== null && { rights }),
    missing: toMissing(privileges),
    guards: { ...answer.guards, exempt: answer.guards.exempt.map(nameOf) },
  };
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
