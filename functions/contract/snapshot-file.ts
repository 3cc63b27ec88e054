import * as z from 'zod';
import { parseDuration } from './duration.ts';
import { guardNames } from './guard-names.ts';
import { ruleStates } from './rule.ts';
import { type Parsed, parseWith } from './problems.ts';
import { strictObject } from './strict-object.ts';
import { engineNames } from './target.ts';
import { tagNames } from './tag-names.ts';
import { wholeNumber } from './whole-number.ts';

/* A snapshot as a file: what `unleak look --save` writes, and what people write by hand or convert from a process list.
   Left out means ordinary where most sessions are alike, and unknown where they are not; null always means unknown, and
   doubt spares. docs/reference/snapshot.md says which is which. */

/** The version of the format; a file of another one is refused. */
export const snapshotFileSchemaName = 'unleak.snapshot/1';

const textExpected = 'text, or null where it could not be read';
const text = z
  .string({ error: textExpected })
  .max(10_000, { error: 'text of at most 10000 characters' })
  .nullable();

const ageExpected =
  'milliseconds, not negative, or a duration such as "90s" or "1h30m"; null where it could not be read';
const age = toMs(ageExpected).nullable();

function toMs(expected: string) {
  return z.union([z.number(), z.string()], { error: expected }).transform((value, context) => {
    const ms = typeof value === 'number' ? value : parseDuration(value);
    if (ms !== null && ms >= 0) return ms;
    context.addIssue({ code: 'custom', message: expected });
    return z.NEVER;
  });
}

const idExpected = 'the number of the session, also as text';
const id = z
  .union([z.number(), z.string()], { error: idExpected })
  .refine((value) => /^\d{1,20}$/.test(String(value)), { error: idExpected })
  .transform(String);

const stateNames = [...ruleStates, 'other'] as const;
const kinds = ['client', 'replication', 'background', 'unleak'] as const;
const yesNo = z.boolean({ error: 'true or false; null where it could not be read' });
const waitsFor = z
  .literal('snapshot', { error: '"snapshot", or left out where it waits for a lock' })
  .meta({ description: 'PostgreSQL: it waits for the old snapshot of the other to go. Left out: a lock.' });
const blocked = strictObject({ id, waitingMs: age.optional(), waitsFor: waitsFor.optional() }).transform(
  ({ id: waiter, waitingMs, waitsFor: what }) => ({
    ...{ id: waiter, waitingMs: waitingMs ?? null },
    ...(what && { waitsFor: what }),
  }),
);

const session = strictObject({
  id: id.meta({ description: 'Process id or connection id; no two sessions share one.' }),
  kind: z
    .enum(kinds, { error: `one of: ${kinds.join(' | ')}` })
    .meta({ description: 'Left out: client.' })
    .optional(),
  user: text.meta({ description: 'Left out: unknown, and the session is spared.' }).optional(),
  database: text.meta({ description: 'Left out: unknown; "" for none.' }).optional(),
  application: text
    .meta({ description: 'application_name or program_name. Left out: unknown; "" for none.' })
    .optional(),
  client: text
    .refine((client) => client === null || !/^[^:]+:\d+$|\]:\d+$/.test(client), {
      error: 'an address or a host name without a port',
    })
    .meta({ description: 'Address or host name without port. Left out: unknown; "" for a socket.' })
    .optional(),
  state: z
    .enum(stateNames, { error: `one of: ${stateNames.join(' | ')}; null where it could not be read` })
    .nullable()
    .meta({ description: 'Left out: unknown, and no rule takes the session.' })
    .optional(),
  stateMs: age.meta({ description: 'Time in this state. Left out: unknown.' }).optional(),
  openMs: age.meta({ description: 'Age of the connection; PostgreSQL only. Left out: unknown.' }).optional(),
  transactionMs: age
    .meta({ description: 'Age of the open transaction. Left out: 0 in the state idle, else unknown.' })
    .optional(),
  statement: text
    .meta({ description: 'Running or last statement; its literals are removed. Left out: unknown.' })
    .optional(),
  superuser: yesNo.nullable().meta({ description: 'Left out: no.' }).optional(),
  listening: yesNo.meta({ description: 'Whether it waits for notifications. Left out: no.' }).optional(),
  backingUp: yesNo.nullable().meta({ description: 'Whether a backup runs in it. Left out: no.' }).optional(),
  advisoryLock: yesNo
    .nullable()
    .meta({ description: 'Holds an advisory lock or a GET_LOCK. Left out: no.' })
    .optional(),
  tableLock: yesNo
    .nullable()
    .meta({ description: 'Holds a lock of its own on a table (LOCK TABLES). Left out: no.' })
    .optional(),
  xa: yesNo
    .nullable()
    .meta({ description: 'Holds a prepared branch of an XA transaction. Left out: no.' })
    .optional(),
  temporaryTable: yesNo.nullable().meta({ description: 'Has temporary tables. Left out: no.' }).optional(),
  waitsForLock: yesNo
    .nullable()
    .meta({ description: 'Another session keeps it waiting. Left out: as the `blocks` of the others say.' })
    .optional(),
  waitingMs: age
    .meta({ description: 'How long it has waited for a lock, at least. Left out: as `blocks` say.' })
    .optional(),
  waitsForClient: yesNo
    .nullable()
    .meta({ description: 'At work, and waiting for its client. Left out: no.' })
    .optional(),
  serverState: text
    .meta({ description: 'The STATE of the process list on MySQL and MariaDB. Left out: unknown.' })
    .optional(),
  blocks: z
    .array(blocked, { error: 'a list of the sessions it keeps waiting; null where it could not be read' })
    .nullable()
    .meta({ description: 'The sessions it keeps waiting. Left out: none.' })
    .optional(),
  identity: z
    .record(z.string(), z.string(), { error: 'an object of texts' })
    .meta({ description: 'What makes it this session beside its number. Left out: its number and user.' })
    .optional(),
  attributes: z
    .record(z.string(), z.string(), { error: 'an object of texts' })
    .meta({ description: 'Client attributes beside the application.' })
    .optional(),
  tags: z
    .partialRecord(z.enum(tagNames, { error: `one of: ${tagNames.join(' | ')}` }), z.string().max(200), {
      error: 'an object of texts',
    })
    .meta({
      description:
        'What the program wrote about itself into a comment of its statement. Left out: as the comments of `statement` say.',
    })
    .optional(),
});

const detached = strictObject({
  kind: z.enum(['prepared', 'xa'], { error: 'one of: prepared | xa' }),
  name: z.string().max(300),
  user: text,
  database: text,
  ageMs: age,
  blocks: z.array(blocked),
});

const limit = strictObject({
  kind: z.enum(['role', 'database', 'user'], { error: 'one of: role | database | user' }),
  name: z.string(),
  limit: wholeNumber(0),
  used: wholeNumber(0),
});

const capacity = strictObject({
  maxConnections: wholeNumber(1),
  reserved: wholeNumber(0)
    .meta({ description: 'Slots kept for superusers and reserved roles. Left out: 0.' })
    .optional(),
  used: wholeNumber(0)
    .meta({ description: 'Slots taken. Left out: as many as there are client sessions.' })
    .optional(),
  limits: z.array(limit).optional(),
});

const missing = strictObject({
  prevents: z.enum(['seeing', 'ending', 'detail']),
  what: z.string(),
  grant: z.string(),
});

const guardExpected = 'milliseconds, not negative, or a duration such as "8h"; 0 where it is switched off';
const guards = strictObject({
  limitsMs: z
    .partialRecord(z.enum(guardNames, { error: `one of: ${guardNames.join(' | ')}` }), toMs(guardExpected))
    .meta({
      description: 'Each by its name on the server. Left out: unknown, or the server has no such limit.',
    }),
  exempt: z
    .array(z.string(), { error: 'a list of users' })
    .meta({ description: 'Users with a setting of their own for one of them. Left out: none.' })
    .optional(),
});

const takenAtExpected = 'a time such as 2026-01-31T07:00:00Z';

/** The schema of a snapshot file. */
export const snapshotFileSchema = strictObject({
  schema: z.literal(snapshotFileSchemaName, {
    error: `"${snapshotFileSchemaName}", the format that this release reads`,
  }),
  $schema: z.string().meta({ description: 'For editors; not looked at.' }).optional(),
  engine: z.enum(engineNames, { error: `one of: ${engineNames.join(' | ')}` }),
  version: z.string().max(200).meta({ description: 'The server’s own version text.' }).optional(),
  takenAt: z.iso
    .datetime({ offset: true, error: takenAtExpected })
    .meta({ description: 'The database’s clock; puts snapshots in order.' })
    .optional(),
  startedAt: z.iso
    .datetime({ offset: true, error: takenAtExpected })
    .nullable()
    .meta({ description: 'When the server started, by its own clock. Left out: unknown.' })
    .optional(),
  capacity: capacity
    .meta({ description: 'Left out: unknown, and rules with utilization are not in force.' })
    .optional(),
  sessions: z.array(session, { error: 'a list of sessions' }),
  guards: guards
    .meta({
      description: 'The server’s own limits on silence. Left out: unknown, and no finding speaks of them.',
    })
    .optional(),
  missing: z.array(missing).meta({ description: 'Privileges that the login lacked.' }).optional(),
  detached: z
    .array(detached, { error: 'a list of transactions without a session; null where it could not be read' })
    .nullable()
    .meta({
      description: 'Prepared transactions and XA branches that no session holds. Left out: not asked for.',
    })
    .optional(),
}).superRefine((file, context) => {
  const seen = new Set<string>();
  file.sessions.forEach((entry, index) => {
    if (seen.has(entry.id))
      context.addIssue({
        code: 'custom',
        path: ['sessions', index, 'id'],
        message: 'a number no other session has',
      });
    seen.add(entry.id);
  });
});

/** A snapshot file, read; what it leaves out is still left out. */
export type SnapshotFile = z.output<typeof snapshotFileSchema>;
/** One session of a snapshot file. */
export type FiledSession = SnapshotFile['sessions'][number];

/** Reads the data of a snapshot file, with every mistake in it. */
export function parseSnapshotFile(input: unknown): Parsed<SnapshotFile> {
  return parseWith(snapshotFileSchema, input);
}
