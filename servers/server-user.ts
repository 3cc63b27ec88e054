import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** An ordinary account of this machine. */
export interface ServerUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** The ordinary account that servers run as when this process is root, which PostgreSQL refuses to be; null when it is not root. */
export function findServerUser(): ServerUser | null {
  if (process.getuid?.() !== 0) return null;
  const ordinary = readFileSync('/etc/passwd', 'utf8').split('\n').map(parseAccount).filter(isOrdinary);
  const user = ordinary.find(({ name }) => name === 'nobody') ?? ordinary[0];
  if (!user)
    throw new Error('PostgreSQL does not run as root, and /etc/passwd names no other account to run it as');
  return user;
}

/** Whether the account, or this process if null, may execute the file or enter the folder, judged by owner and mode. */
export function canReach(path: string, user: ServerUser | null): boolean {
  if (!user) return isExecutableHere(path);
  if (!hasExecuteBit(path, user)) return false;
  const parent = dirname(path);
  return parent === path || canReach(parent, user);
}

function parseAccount(line: string): ServerUser {
  const [name = '', , uid, gid] = line.split(':');
  return { name, uid: Number(uid), gid: Number(gid) };
}

// macOS gives `nobody` the number -2, which cannot be asked of setuid portably.
function isOrdinary({ name, uid, gid }: ServerUser): boolean {
  return name !== '' && Number.isInteger(gid) && gid > 0 && Number.isInteger(uid) && uid > 0;
}

function isExecutableHere(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function hasExecuteBit(path: string, user: ServerUser): boolean {
  const { mode, uid, gid } = statSync(path);
  if (uid === user.uid) return (mode & 0o100) !== 0;
  if (gid === user.gid) return (mode & 0o010) !== 0;
  return (mode & 0o001) !== 0;
}
