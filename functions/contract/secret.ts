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
  .preprocess(
    withoutEmpty,
    z.object(
      {
        username: word,
        password: word,
        host: hostSchema.optional(),
        port: port.optional(),
        dbname: word.optional(),
        engine: word.optional(),
      },
      { error: 'an object with username and password' },
    ),
  )
  .transform((secret): Secret => ({
    username: secret.username,
    password: secret.password,
    host: secret.host ?? null,
    port: secret.port ?? null,
    database: secret.dbname ?? null,
    engine: secret.engine ?? null,
  }));

/**
 * A secret as people and templates write it: a key without a value is no key, and `host:3306` is a host and a port (RDS's
 * `endpoint` is copied like this). Blanks around a host or port are nobody's.
 */
function withoutEmpty(input: unknown): unknown {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return input;
  const login = new Set(['username', 'password']);
  const entries = Object.entries(input)
    .map(
      ([key, value]) => [key, typeof value === 'string' && !login.has(key) ? value.trim() : value] as const,
    )
    .filter(([key, value]) => login.has(key) || (value !== null && value !== ''));
  return withoutPort(Object.fromEntries(entries));
}

/** A port in the host counts where the secret has none of its own, or the same one; two that differ are a mistake. */
function withoutPort(secret: Record<string, unknown>): Record<string, unknown> {
  const { host: written, port } = secret;
  if (typeof written !== 'string') return secret;
  const [, name, six, digits] = /^(?:([^:[\]]+)|\[([0-9a-f:.]+)\])(?::(\d{1,5}))?$/i.exec(written) ?? [];
  const host = name ?? six;
  const isOther = digits !== undefined && port !== undefined && Number(port) !== Number(digits);
  if (host === undefined || isOther) return secret;
  return { ...secret, host, ...(digits !== undefined && { port: digits }) };
}

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
