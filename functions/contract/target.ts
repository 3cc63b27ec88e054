import * as z from 'zod';
import ipaddr from 'ipaddr.js';
import { nameSchema } from './name.ts';
import { type Tls, tlsSchema } from './tls.ts';
import { wholeNumber } from './whole-number.ts';

/** The engine a target names; `mysql` also takes MariaDB, which the server itself gives away when asked. */
export const engineNames = ['postgres', 'mysql', 'mariadb'] as const;
export type EngineName = (typeof engineNames)[number];

/** The port where neither the target nor its secret names one. */
export const defaultPorts: Readonly<Record<EngineName, number>> = {
  postgres: 5432,
  mysql: 3306,
  mariadb: 3306,
};

/** Whether sessions are really ended, or only what would be ended is told. */
export type Mode = 'dry-run' | 'enforce';

export type { Tls } from './tls.ts';

/** One server endpoint we look after; host, port and database fall back on what the secret says. */
export interface Target {
  readonly name: string;
  readonly engine: EngineName;
  readonly host: string | null;
  readonly port: number | null;
  readonly database: string | null;
  readonly secret: string;
  /** The host that the secret itself names where it is another one on purpose; null: it must be the target's. */
  readonly secretHost: string | null;
  readonly mode: Mode;
  readonly tls: Tls;
  /** Whether reports show the ids of traces that programs write into their statements. */
  readonly traceparent: boolean;
}

const hostExpected = 'a host name or an address, without scheme, port or path';
/** A host name or an address. */
export const hostSchema = z
  .string({ error: hostExpected })
  .max(253, { error: hostExpected })
  .regex(/^[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_.])?$|:/, { error: hostExpected })
  .refine((text) => !text.includes(':') || ipaddr.IPv6.isValid(text), { error: hostExpected });

const secretExpected = 'the name or the ARN of a Secrets Manager secret';
const databaseExpected = 'the name of a database, 1 to 128 characters';

/** The part of a target that a schedule's event carries. */
export const targetShape = {
  name: nameSchema,
  engine: z.enum(engineNames, { error: `one of: ${engineNames.join(' | ')}` }),
  host: hostSchema.optional(),
  port: wholeNumber(1, 65_535).optional(),
  database: z
    .string({ error: databaseExpected })
    .min(1, { error: databaseExpected })
    .max(128, { error: databaseExpected })
    .optional(),
  secret: z
    .string({ error: secretExpected })
    .regex(/^(?:arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:)?[\w/+=.@!-]{1,512}$/, {
      error: secretExpected,
    }),
  secretHost: hostSchema
    .meta({
      description:
        'The host that the secret itself names, where it is another one on purpose: the cluster of an instance, or another name of the same server.',
    })
    .optional(),
  mode: z.enum(['dry-run', 'enforce'], { error: 'dry-run or enforce' }).optional(),
  tls: tlsSchema.optional(),
  traceparent: z
    .boolean({ error: 'true or false' })
    .meta({
      description:
        'Whether reports show the traceparent that programs write into a comment of their statements; false by default.',
    })
    .optional(),
};
type TargetInput = z.output<z.ZodObject<typeof targetShape>>;

/** Fills what a target leaves out: dry run, and certificates verified against the RDS roots. */
export function toTarget(target: TargetInput): Target {
  return {
    name: target.name,
    engine: target.engine,
    host: target.host ?? null,
    port: target.port ?? null,
    database: target.database ?? null,
    secret: target.secret,
    secretHost: target.secretHost ?? null,
    mode: target.mode ?? 'dry-run',
    tls: target.tls ?? 'rds',
    traceparent: target.traceparent ?? false,
  };
}

/**
 * What a policy asks of an engine that cannot answer it, as path and expectation: MySQL keeps no time of connection, PostgreSQL
 * has no STATE. The policy may be broken elsewhere: rules that were read and rules that were not are both understood.
 */
export function unanswerable(
  engine: EngineName,
  policy: unknown,
): { path: (string | number)[]; expected: string }[] {
  if (!isRecord(policy)) return [];
  const entries = (key: string) => (Array.isArray(policy[key]) ? (policy[key] as unknown[]) : []);
  if (engine === 'postgres')
    return [
      ...entries('rules').flatMap((rule, index) => serverStates(partsOf(rule, ['rules', index]))),
      ...entries('protect').flatMap((entry, index) => {
        const matcher = isRecord(entry) ? (entry['matcher'] ?? entry) : entry;
        return serverStates([[matcher, ['protect', index]]]);
      }),
    ];
  return entries('rules').flatMap((rule, index) =>
    connectionTimeKeys(rule).map((key) => ({
      path: ['rules', index, key],
      expected: `no \`${key}\` on ${engine}: MySQL and MariaDB do not show when a session connected`,
    })),
  );
}

/** Where these parts of an entry, read or not, ask for STATE; a protection that was read has its fields in `matcher`. */
function serverStates(parts: readonly (readonly [part: unknown, path: readonly (string | number)[]])[]) {
  return parts.flatMap(([part, path]) =>
    isRecord(part) && part['serverState'] !== undefined
      ? [{ path: [...path, 'serverState'], expected: serverStateExpected }]
      : [],
  );
}

function partsOf(rule: unknown, path: (string | number)[]) {
  if (!isRecord(rule)) return [];
  return (['match', 'except'] as const).map((key) => [rule[key], [...path, key]] as const);
}

const serverStateExpected = 'no `serverState` on postgres: only MySQL and MariaDB have a STATE';

function connectionTimeKeys(rule: unknown): ('open' | 'unused')[] {
  if (!isRecord(rule)) return [];
  const open = (rule['openMs'] ?? rule['open'] ?? null) !== null;
  const unused = rule['unused'] === true;
  return [...(open ? (['open'] as const) : []), ...(unused ? (['unused'] as const) : [])];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
