import { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  GetObjectCommand,
  type GetObjectCommandOutput,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { Fault } from '../core/model/fault.ts';
import { anyVersion, type ObjectStore, type StoredObject } from './ports.ts';
import { awsErrorName, toAwsTrouble } from './aws-error.ts';
import { clientSettings } from './client-settings.ts';
import { once } from './once.ts';
import { withinLimit } from './within-limit.ts';

/** One client for the whole process: each has sockets and caches of its own. */
const sharedClient = once(() => new S3Client(clientSettings()));

/** Objects in a bucket, under a prefix that is empty or ends with a slash. */
export function createObjectStore(bucket: string, prefix = '', client = sharedClient()): ObjectStore {
  const place: Place = { client, Bucket: bucket, prefix };
  return {
    where: `the bucket ${bucket}`,
    get: (key, mostBytes, signal) => read(place, key, mostBytes, signal),
    put: (key, bytes, expected, signal) => write(place, key, bytes, expected, signal),
    setAside: (key, to, signal) => copy(place, key, to, signal),
    list: (under, signal) => list(place, under, signal),
  };
}

/** Says when each object under a prefix was last written, in epoch milliseconds: one request for a thousand of them. */
export function createAges(bucket: string, client = sharedClient()) {
  return (under: string, signal: AbortSignal) =>
    listAges({ client, Bucket: bucket, prefix: '' }, under, signal);
}

interface Place {
  readonly client: S3Client;
  readonly Bucket: string;
  readonly prefix: string;
}

async function read(
  { client, Bucket, prefix }: Place,
  key: string,
  mostBytes: number,
  signal: AbortSignal,
): Promise<StoredObject | null> {
  try {
    return await withinLimit(signal, async (options) => {
      const range = `bytes=0-${mostBytes}`;
      const command = new GetObjectCommand({ Bucket, Key: prefix + key, Range: range });
      const answer = await client.send(command, options);
      const bytes = await readBounded(answer.Body, mostBytes, answer.ContentLength);
      return { bytes, version: answer.ETag ?? '' };
    });
  } catch (error) {
    if (error instanceof NoSuchKey) return null;
    // An empty object has no byte to give.
    if (awsErrorName(error) === 'InvalidRange') return { bytes: new Uint8Array(), version: anyVersion };
    throw historyFault('read', Bucket, whyOf(error), error);
  }
}

/** At most `mostBytes`; null where there is more, also from a server that ignores the range. */
async function readBounded(
  body: GetObjectCommandOutput['Body'],
  mostBytes: number,
  length = 0,
): Promise<Uint8Array | null> {
  if (!(body instanceof Readable)) return null;
  const parts: Buffer[] = [];
  let bytes = length > mostBytes ? length : 0;
  if (bytes === 0)
    for await (const part of body) {
      parts.push(part as Buffer);
      bytes += (part as Buffer).length;
      if (bytes > mostBytes) break;
    }
  if (bytes <= mostBytes) return Buffer.concat(parts);
  body.destroy();
  return null;
}

async function write(
  { client, Bucket, prefix }: Place,
  key: string,
  bytes: Uint8Array,
  expected: string | null,
  signal: AbortSignal,
): Promise<'written' | 'conflict'> {
  const command = new PutObjectCommand({
    Bucket,
    Key: prefix + key,
    Body: bytes,
    ContentType: 'application/gzip',
    ...(expected === null ? { IfNoneMatch: '*' } : expected !== anyVersion && { IfMatch: expected }),
  });
  try {
    await withinLimit(signal, (options) => client.send(command, options));
    return 'written';
  } catch (error) {
    if (isConflict(error)) return 'conflict';
    throw historyFault('written', Bucket, whyOf(error), error);
  }
}

/** Somebody else wrote, is writing, or removed what was expected. */
function isConflict(error: unknown): boolean {
  return ['PreconditionFailed', 'ConditionalRequestConflict', 'NoSuchKey'].includes(awsErrorName(error));
}

async function copy({ client, Bucket, prefix }: Place, key: string, to: string, signal: AbortSignal) {
  const source = `${Bucket}/${prefix}${key}`.split('/').map(encodeURIComponent).join('/');
  const command = new CopyObjectCommand({ Bucket, Key: prefix + to, CopySource: source });
  try {
    await withinLimit(signal, (options) => client.send(command, options));
  } catch (error) {
    throw historyFault('written', Bucket, whyOf(error), error);
  }
}

/** All keys under a prefix, in their order. */
async function list(place: Place, under: string, signal: AbortSignal): Promise<string[]> {
  return [...(await listAges(place, under, signal)).keys()];
}

/** When each object under a prefix was last written; only what is asked for is listed, page by page. */
async function listAges(
  { client, Bucket, prefix }: Place,
  under: string,
  signal: AbortSignal,
): Promise<Map<string, number>> {
  const ages = new Map<string, number>();
  let next: string | undefined;
  try {
    do {
      const command = new ListObjectsV2Command({ Bucket, Prefix: prefix + under, ContinuationToken: next });
      const page = await withinLimit(signal, (options) => client.send(command, options));
      for (const { Key, LastModified } of page.Contents ?? [])
        if (Key) ages.set(Key.slice(prefix.length), LastModified?.getTime() ?? 0);
      next = page.IsTruncated ? page.NextContinuationToken : undefined;
    } while (next !== undefined);
  } catch (error) {
    throw historyFault('read', Bucket, whyOf(error), error);
  }
  return ages;
}

const says = {
  denied: 'unleak may not use it, or not use its key',
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
