import type { SpawnOptions } from 'node:child_process';
import type { ServerUser } from './server-user.ts';

/** A program with its arguments, the account it runs as (null: this one), its working folder, and what it reads. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly user: ServerUser | null;
  readonly folder: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string;
  readonly signal?: AbortSignal | undefined;
  /** Whom to kill should it not finish; alone is right for helpers that notice the death and then clean up after themselves. */
  readonly killed?: 'alone' | 'with helpers';
}

/**
 * How a program is spawned: in a group of its own, so that Ctrl-C in the terminal reaches only us and we end it in good order,
 * and with its temporary files in its working folder, since it may not be allowed into ours.
 */
export function toSpawnOptions({ user, folder, env }: Program): SpawnOptions {
  return {
    cwd: folder,
    env: { ...(env ?? process.env), TMPDIR: folder },
    detached: process.platform !== 'win32',
    windowsHide: true,
    ...(user && { uid: user.uid, gid: user.gid }),
  };
}

/** The end of a log, short enough for an error message. */
export function lastLines(log: string): string {
  return log.trimEnd().split('\n').slice(-15).join('\n');
}
