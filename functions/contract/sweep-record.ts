import * as z from 'zod';

/* A recorded sweep as commands read it back: what they ask for is checked, and everything else is left as it is. */

/** The version of a recorded sweep. */
export const sweepRecordSchemaName = 'unleak.sweep/1';

const text = z.string().nullable();
const session = z.looseObject({
  id: z.string(),
  user: text,
  application: text,
  client: text,
  database: text,
  state: text,
  stateMs: z.number().nullable(),
});
const decision = z.looseObject({
  session,
  verdict: z.string(),
  rule: text,
  protection: text,
  reason: z.string(),
});
const outcome = z.looseObject({ id: z.string(), rule: text, result: z.string(), code: text });
const audit = z.looseObject({
  host: text,
  port: z.number().nullable(),
  policy: z.looseObject({ name: text, hash: z.string() }).nullable(),
  ranBy: z.looseObject({ kind: z.string(), name: z.string() }),
  version: z.string(),
});

const report = z.looseObject({
  mode: z.string(),
  outcome: z.string(),
  at: z.string(),
  target: z.looseObject({ name: z.string(), engine: z.string(), version: text }),
  decisions: z.array(decision),
  outcomes: z.array(outcome),
  fault: z.looseObject({ code: z.string(), message: z.string() }).nullable(),
  audit: audit.optional(),
});

const fate = z.looseObject({
  id: z.string(),
  connection: z.string(),
  user: text,
  application: text,
  rule: z.string(),
  mode: z.string(),
  fate: z.enum(['ended', 'left', 'usedAgain', 'unfollowed']),
  chosenAt: z.string(),
  idleMs: z.number(),
  afterMs: z.number().nullable(),
});

/** The schema of a recorded sweep; its snapshot is read by the schema of snapshot files where it is asked for. */
export const sweepRecordSchema = z.looseObject({
  schema: z.literal(sweepRecordSchemaName),
  at: z.string(),
  sweepId: z.string(),
  notification: z.looseObject({ subject: z.string(), isSent: z.boolean() }).nullable(),
  fates: z.array(fate),
  report,
  snapshot: z.unknown(),
});

/** A recorded sweep, read. */
export type ReadRecord = z.output<typeof sweepRecordSchema>;
