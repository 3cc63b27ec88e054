import { delimiter, join } from 'node:path';
import { canReach } from './server-user.ts';

// Debian keeps servers where an ordinary user's PATH does not look.
const ALSO = ['/usr/sbin', '/usr/local/sbin'];

/** Every executable of this name on the PATH and among the system's servers, in that order. */
export function findPrograms(name: string): string[] {
  const file = process.platform === 'win32' ? `${name}.exe` : name;
  const folders = [...(process.env['PATH'] ?? '').split(delimiter).filter(Boolean), ...ALSO];
  return folders.map((folder) => join(folder, file)).filter((path) => canReach(path, null));
}
