import { GetObjectCommand, NoSuchKey, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { Fault } from '../core/faults.ts';
import type { Told } from '../core/render/to-news.ts';
import { sweepOutcomes } from '../core/report.ts';
import type { History } from './ports.ts';
import { awsErrorName, toAwsTrouble } from './aws-error.ts';
import { clientSettings } from './client-settings.ts';
import { once } from './once.ts';
import { withinLimit } from './within-limit.ts';

const schema = z.object({ newsKey: z.string(), toldAt: z.string(), outcome: z.enum(sweepOutcomes) });

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
): Promise<Told | null> {
  try {
    const text = await withinLimit(signal, async (options) => {
      const answer = await client.send(new GetObjectCommand({ Bucket, Key }), options);
      return answer.Body?.transformToString();
    });
    return schema.parse(JSON.parse(text ?? ''));
  } catch (error) {
    if (error instanceof NoSuchKey) return null; // nothing was told of this target yet
    const isAnswer = !(error instanceof z.ZodError) && !(error instanceof SyntaxError);
    const why = isAnswer ? whyOf(error) : `${Key} holds something else than unleak wrote`;
    throw historyFault('read', Bucket, why, error);
  }
}

async function write(
  client: S3Client,
  Bucket: string,
  Key: string,
  news: Told,
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
  throttled: 'S3 asked to slow down',
  unreachable: 'S3 did not answer; a function in a VPC needs a NAT or a VPC endpoint for it',
} as const;

function whyOf(error: unknown): string {
  const trouble = toAwsTrouble(error);
  return trouble === 'other' ? `S3 answered ${awsErrorName(error)}` : says[trouble];
}

function historyFault(what: 'read' | 'written', bucket: string, why: string, cause: unknown): Fault {
  return new Fault({
    kind: 'Publish',
    code: 'publish.history',
    step: 'record',
    actor: 'aws',
    message: `The history in the bucket ${bucket} could not be ${what}: ${why}. News may be told twice.`,
    cause,
  });
}
