import type { Session } from '../model/session.ts';
import { cleanText } from '../text/clean-text.ts';

/** Who opens sessions, as the history counts them; null where it could not be read. Every text is harmless to print. */
export interface Program {
  readonly user: string | null;
  /** Numbers that tell one process from the next (`worker-17`) are written as `#`. */
  readonly application: string | null;
}

/** How many characters of a name the history keeps. */
const longestName = 48;

/** The program of a session: all processes and hosts of one user and application count together. */
export function programOf({ user, application }: Pick<Session, 'user' | 'application'>): Program {
  return { user: nameOf(user), application: nameOf(application)?.replace(processNumber, '#') ?? null };
}

/** `worker-17` and `job4711`, but not the 3 of `python3`. */
const processNumber = /\d{2,}|(?<![\p{L}\d])\d/gu;

/** A text that is equal for equal programs only. */
export function programKey({ user, application }: Program): string {
  return JSON.stringify([user, application]);
}

function nameOf(name: string | null): string | null {
  return name === null ? null : cleanText(name, longestName);
}
