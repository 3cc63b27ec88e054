import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';

const resultSchema = z.object({
  /** A word of a sweep; the names that the watch missed. */
  outcome: z.union([z.string(), z.array(z.string())]).optional(),
  error: z
    .object({ name: z.string(), code: z.string().optional(), message: z.string(), stack: z.string() })
    .optional(),
  loaded: z.array(z.string()),
  loadMs: z.number(),
  sweepMs: z.number(),
  megabytes: z.number(),
  node: z.string(),
});

/** What came of one invocation, and the function's log, line by line. */
export type Invocation = z.output<typeof resultSchema> & { readonly log: readonly Record<string, unknown>[] };

/** Loads `index.js` of a folder in a process of its own, with nothing but the given environment, and hands it one event. */
export async function invokeBundle(
  node: string,
  folder: string,
  event: unknown,
  environment: Readonly<Record<string, string>>,
): Promise<Invocation> {
  const script = fileURLToPath(new URL('invoke.js', import.meta.url));
  const child = spawn(node, [script], {
    env: { ...environment, AWS_LAMBDA_FUNCTION_NAME: 'sweep', TZ: ':UTC' },
    stdio: ['pipe', 'pipe', 'inherit', 'pipe'],
  });
  child.stdin?.end(JSON.stringify({ folder, event, timeoutMs: 60_000 }));
  const [log, result] = await Promise.all([
    text(child.stdout as Readable),
    text(child.stdio[3] as Readable),
    once(child, 'exit'),
  ]);
  const lines = log.split('\n').filter((line) => line.startsWith('{'));
  return {
    ...resultSchema.parse(JSON.parse(result)),
    log: lines.map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}
