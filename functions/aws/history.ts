import { Readable } from 'node:stream';
import {
  GetObjectCommand,
  type GetObjectCommandOutput,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import * as z from 'zod';
import { Fault } from '../core/model/fault.ts';
import type { NotificationState } from '../core/notify/notification-state.ts';
import { sweepOutcomes } from '../core/model/report.ts';
import type { History } from './ports.ts';
import { awsErrorName, toAwsTrouble } from './aws-error.ts';
import { clientSettings } from './client-settings.ts';
import { once } from './once.ts';
import { withinLimit } from './within-limit.ts';

/** What unleak writes takes a few KiB; a larger object is not its own, and is not read. */
const mostBytes = 64 * 1_024;

const text = z.string().max(1_000);
const key = z.string().max(100);
const schema = z.object({
  notificationKey: z.string(),
  notifiedAt: text,
  outcome: z.enum(sweepOutcomes),
  // Left out by releases that did not bound notifications.
  waiting: z.boolean().optional(),
  quietSince: text.nullable().optional(),
  sent: z
    .array(z.object({ at: text, key, urgent: z.array(key).max(100) }))
    .max(100)
    .optional(),
  held: z
    .object({ count: z.number().int().min(1), since: text, key })
    .nullable()
    .optional(),
}) satisfies z.ZodType<NotificationState>;

/** One client for the whole process: each has sockets and caches of its own. */
const sharedClient = once(() => new S3Client(clientSettings()));

/** The last news of each target as one small object in S3: `news/TARGET.json`. */
export function createHistory(bucket: string, client = sharedClient()): History {
  return {
    last: (target, signal) => read(client, bucket, keyOf(target), signal),
    remember: (target, news, signal) => write(client, bucket, keyOf(target), news, signal),
  };
}

/** A broken event may name its target with anything, also with slashes and dots. */
function keyOf(target: string): string {
  return `news/${encodeURIComponent(target)}.json`;
}

async function read(
  client: S3Client,
  Bucket: string,
  Key: string,
  signal: AbortSignal,
): Promise<NotificationState | null> {
  try {
    const text = await withinLimit(signal, async (options) => {
      const range = `bytes=0-${mostBytes}`;
      const answer = await client.send(new GetObjectCommand({ Bucket, Key, Range: range }), options);
      return readBounded(answer.Body, answer.ContentLength);
    });
    return schema.parse(JSON.parse(text));
  } catch (error) {
    if (error instanceof NoSuchKey) return null; // nothing was told of this target yet
    const why = isDamage(error) ? `${Key} holds something else than unleak wrote` : whyOf(error);
    throw historyFault('read', Bucket, why, error);
  }
}

/** An empty object has no byte to give, which S3 calls InvalidRange. */
function isDamage(error: unknown): boolean {
  if (error instanceof z.ZodError || error instanceof SyntaxError) return true;
  return awsErrorName(error) === 'InvalidRange';
}

/** The text of an object of at most `mostBytes`; a SyntaxError where there is more, also from a server that ignores the range. */
async function readBounded(body: GetObjectCommandOutput['Body'], length = 0): Promise<string> {
  if (!(body instanceof Readable)) throw new SyntaxError('no object came');
  const parts: Buffer[] = [];
  let bytes = length > mostBytes ? length : 0;
  if (bytes === 0)
    for await (const part of body) {
      parts.push(part as Buffer);
      bytes += (part as Buffer).length;
      if (bytes > mostBytes) break;
    }
  if (bytes <= mostBytes) return Buffer.concat(parts).toString('utf8');
  body.destroy();
  throw new SyntaxError(`more than ${mostBytes} bytes`);
}

async function write(
  client: S3Client,
  Bucket: string,
  Key: string,
  news: NotificationState,
  signal: AbortSignal,
): Promise<void> {
  const command = new PutObjectCommand({
    Bucket,
    Key,
    Body: JSON.stringify(news),
    ContentType: 'application/json',
  });
  try {
    await withinLimit(signal, (options) => client.send(command, options));
  } catch (error) {
    throw historyFault('written', Bucket, whyOf(error), error);
  }
}

const says = {
  denied: 'the function may not use it, or not use its key',
  missing: 'there is no such bucket',
  exhausted: 'this process may open no more files or sockets, or has no memory left',
  throttled: 'S3 asked to slow down',
  unreachable: 'S3 did not answer; a function in a VPC needs a NAT or a VPC endpoint for it',
} as const;

function whyOf(error: unknown): string {
  const trouble = toAwsTrouble(error);
  return trouble === 'other' ? `S3 answered ${awsErrorName(error)}` : says[trouble];
}

function historyFault(what: 'read' | 'written', bucket: string, why: string, cause: unknown): Fault {
  return new Fault({
    code: 'publish.history',
    step: 'record',
    message: `The history in the bucket ${bucket} could not be ${what}: ${why}. The same news may be sent twice.`,
    cause,
  });
}
