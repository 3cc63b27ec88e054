import * as z from 'zod';
import { type Parsed, parseWith } from './problems.ts';
import { hostSchema } from './target.ts';

/** What a secret says of a login; a secret that RDS manages itself holds only username and password. */
export interface Secret {
  readonly username: string;
  readonly password: string;
  readonly host: string | null;
  readonly port: number | null;
  readonly database: string | null;
  readonly engine: string | null;
}

const portExpected = 'a port, 1 to 65535';
const port = z
  .union([z.number(), z.string().regex(/^\d{1,5}$/, { error: portExpected })], { error: portExpected })
  .transform(Number)
  .refine((value) => Number.isInteger(value) && value >= 1 && value <= 65_535, { error: portExpected });
const word = z.string({ error: 'a text' }).min(1, { error: 'a text that is not empty' });

/* Other keys are ignored: RDS writes more than we use, and teams keep notes in theirs. */
const schema = z
  .object(
    {
      username: word,
      password: word,
      host: hostSchema.optional(),
      port: port.optional(),
      dbname: word.optional(),
      engine: word.optional(),
    },
    { error: 'an object with username and password' },
  )
  .transform((secret): Secret => ({
    username: secret.username,
    password: secret.password,
    host: secret.host ?? null,
    port: secret.port ?? null,
    database: secret.dbname ?? null,
    engine: secret.engine ?? null,
  }));

/** Reads a secret string, in either of the shapes RDS uses; problems name keys, never what stands there. */
export function parseSecret(text: string): Parsed<Secret> {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, which is secret, so it goes nowhere, not even into a cause.
    return { ok: false, problems: [{ path: [], value: null, expected: 'a JSON object' }] };
  }
  return parseWith(schema, data, 'secret');
}
