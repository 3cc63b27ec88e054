import { chownSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { forgetFolder, removeAtExit } from './at-exit.ts';
import type { TlsFiles } from './local-server.ts';
import { canReach, findServerUser, type ServerUser } from './server-user.ts';

/** A private temporary folder owned by the account that the server runs as. */
export interface ServerFolder {
  readonly path: string;
  readonly user: ServerUser | null;
}

/** Makes a folder for one server's files, runs the work that starts it, and removes the folder again if that fails. */
export async function withServerFolder<T>(work: (folder: ServerFolder) => Promise<T>): Promise<T> {
  const folder = createServerFolder();
  try {
    return await work(folder);
  } catch (cause) {
    await removeFolder(folder.path);
    throw cause;
  }
}

/** Removes a folder and all in it; no error if it is gone. */
export async function removeFolder(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 });
  forgetFolder(path);
}

/** Writes a file that only the server's account can read, and returns its path. */
export function writePrivateFile(folder: ServerFolder, name: string, content: string | Buffer): string {
  const path = join(folder.path, name);
  writeFileSync(path, content, { mode: 0o600 });
  if (folder.user) chownSync(path, folder.user.uid, folder.user.gid);
  return path;
}

/** Makes a folder inside that belongs to the server's account alone, and returns its path. */
export function makePrivateFolder(folder: ServerFolder, name: string): string {
  const path = join(folder.path, name);
  mkdirSync(path, { mode: 0o700 });
  if (folder.user) chownSync(path, folder.user.uid, folder.user.gid);
  return path;
}

/** Copies certificate and key, since PostgreSQL refuses a key that others may read and git keeps no such modes. */
export function copyTlsFiles(folder: ServerFolder, tls: TlsFiles): TlsFiles {
  return {
    certFile: writePrivateFile(folder, 'server.pem', readFileSync(tls.certFile)),
    keyFile: writePrivateFile(folder, 'server.key', readFileSync(tls.keyFile)),
  };
}

/** Makes a private temporary folder that goes when this process does. */
export function createServerFolder(): ServerFolder {
  const user = findServerUser();
  const path = mkdtempSync(join(findTemporaryFolder(user), 'unleak-'));
  removeAtExit(path);
  if (user) chownSync(path, user.uid, user.gid);
  return { path, user };
}

// TMPDIR may point below a home that the server's account cannot enter. The real path, since servers report that one back.
function findTemporaryFolder(user: ServerUser | null): string {
  const usual = realpathSync(tmpdir());
  return canReach(usual, user) ? usual : '/tmp';
}
