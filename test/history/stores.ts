import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFolderStore } from '../../cli/store/folder-store.ts';
import { clientSettings } from '../../functions/aws/client-settings.ts';
import { createObjectStore } from '../../functions/aws/object-store.ts';
import type { ObjectStore } from '../../functions/aws/ports.ts';
import { clientAt, startMoto } from '../aws/moto.ts';

/** A place for histories, empty, and how to remove it. */
export interface TestStore {
  readonly store: ObjectStore;
  /** A second store of the same place, as another process would have it. */
  readonly other: ObjectStore;
  stop(): Promise<void>;
}

/** A folder of its own. */
export async function openFolder(): Promise<TestStore & { readonly folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'unleak-history-'));
  return {
    folder,
    store: createFolderStore(folder),
    other: createFolderStore(folder),
    stop: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A bucket on an emulator of its own, over HTTP. */
export async function openBucket(): Promise<TestStore & { readonly endpoint: string }> {
  const moto = await startMoto();
  const client = new S3Client({ ...clientSettings(), ...clientAt(moto.endpoint) });
  await client.send(new CreateBucketCommand({ Bucket: 'history' }));
  return {
    endpoint: moto.endpoint,
    store: createObjectStore('history', '', client),
    other: createObjectStore('history', '', client),
    stop: () => moto.stop(),
  };
}
