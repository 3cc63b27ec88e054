import {
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import * as z from 'zod';
import { historyPrefix, targetOfHistoryKey, watchKey } from '../contract/history-keys.ts';
import { Fault } from '../core/model/fault.ts';
import type { WatchState } from '../core/watch/watch-state.ts';
import { awsErrorName } from './aws-error.ts';
import { clientSettings } from './client-settings.ts';
import { once } from './once.ts';
import type { WatchStore } from './ports.ts';
import { withinLimit } from './within-limit.ts';

const time = z.number().min(0);
const schema = z.object({
  ranAtMs: time,
  isStopped: z.boolean(),
  known: z.array(z.string()),
  since: z.record(z.string(), time),
  told: z.record(z.string(), z.object({ atMs: time, isOver: z.boolean() })),
}) satisfies z.ZodType<WatchState>;

const sharedClient = once(() => new S3Client(clientSettings()));

/** When each target last left a trace, by the age of its object, one request for 1,000 targets; and what the watch remembers. */
export function createWatchStore(bucket: string, client = sharedClient()): WatchStore {
  return {
    swept: (signal) => attempt('listed', bucket, () => list(client, bucket, signal)),
    last: (signal) => attempt('read', bucket, () => read(client, bucket, signal)),
    remember: (state, signal) => attempt('written', bucket, () => write(client, bucket, state, signal)),
  };
}

async function list(client: S3Client, Bucket: string, signal: AbortSignal): Promise<Map<string, number>> {
  const swept = new Map<string, number>();
  let ContinuationToken: string | undefined;
  do {
    const command = new ListObjectsV2Command({ Bucket, Prefix: historyPrefix, ContinuationToken });
    const page = await withinLimit(signal, (options) => client.send(command, options));
    for (const { Key = '', LastModified } of page.Contents ?? []) {
      const target = targetOfHistoryKey(Key);
      if (target !== null && LastModified) swept.set(target, LastModified.getTime());
    }
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
  return swept;
}

/** Null where there is none, or something else than the watch wrote: it then begins anew. */
async function read(client: S3Client, Bucket: string, signal: AbortSignal): Promise<WatchState | null> {
  try {
    const command = new GetObjectCommand({ Bucket, Key: watchKey });
    const text = await withinLimit(signal, async (options) => {
      const answer = await client.send(command, options);
      return answer.Body?.transformToString();
    });
    return schema.parse(JSON.parse(text ?? ''));
  } catch (error) {
    if (error instanceof NoSuchKey || error instanceof z.ZodError || error instanceof SyntaxError)
      return null;
    throw error;
  }
}

async function write(
  client: S3Client,
  Bucket: string,
  state: WatchState,
  signal: AbortSignal,
): Promise<void> {
  const ContentType = 'application/json';
  const command = new PutObjectCommand({ Bucket, Key: watchKey, Body: JSON.stringify(state), ContentType });
  await withinLimit(signal, (options) => client.send(command, options));
}

async function attempt<T>(what: string, bucket: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const message = `The bucket ${bucket} could not be ${what}: S3 answered ${awsErrorName(error)}. Missing sweeps are not noticed.`;
    throw new Fault({ code: 'publish.history', step: 'record', message, cause: error });
  }
}
