import { existsSync, statSync } from 'node:fs';
import { Option } from 'commander';
import type { ObjectStore } from '../../functions/aws/ports.ts';
import { cleanText } from '../../functions/core/text/clean-text.ts';
import type { Console } from '../terminal/console.ts';
import { UsageError } from '../usage-error.ts';
import { createFolderStore } from './folder-store.ts';

/** `--history`, the same for every command. */
export function historyOption(says = 'the history to read'): Option {
  return new Option('--history <where>', `${says}: a folder, or s3://BUCKET (default: UNLEAK_HISTORY)`);
}

/** The history that a command reads; a UsageError where none is named, or where there is none. */
export async function openHistory(where: string | undefined, { env }: Console): Promise<ObjectStore> {
  const named = where ?? (env['UNLEAK_HISTORY'] || undefined);
  if (named === undefined)
    throw new UsageError('Which history? Name a folder or s3://BUCKET with --history, or in UNLEAK_HISTORY.');
  if (named.startsWith('s3://')) return openBucket(named);
  if (existsSync(named) && statSync(named).isDirectory()) return createFolderStore(named);
  throw new UsageError(`${cleanText(named)} is not a folder. \`unleak sweep --history DIR\` writes one.`);
}

/** The history that a sweep writes; null where none is named. A folder is made where there is none. */
export async function openOwnHistory(
  where: string | undefined,
  { env }: Console,
): Promise<ObjectStore | null> {
  const named = where ?? (env['UNLEAK_HISTORY'] || undefined);
  if (named === undefined) return null;
  return named.startsWith('s3://') ? openBucket(named) : createFolderStore(named);
}

/** The SDK is loaded only where there is a bucket. */
export async function openBucket(url: string): Promise<ObjectStore> {
  const [, bucket, prefix = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/.exec(url) ?? [];
  if (bucket === undefined)
    throw new UsageError(`${cleanText(url)} is not s3://BUCKET or s3://BUCKET/PREFIX.`);
  const { createObjectStore } = await import('../../functions/aws/object-store.ts');
  return createObjectStore(bucket, prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`);
}
