import type { Session } from '../model/session.ts';

/* A program may write its own line into application_name (`shop reports.py:8`), and so has as many names as lines. It is one
   program all the same: findings count by the user and the first word. */

/** What makes sessions those of one program; a text that is equal for equal programs only. */
export function programKey({ user, application }: Pick<Session, 'user' | 'application'>): string {
  return JSON.stringify([user, firstWord(application)]);
}

/** `shop` of `shop reports.py:8`. */
export function firstWord(application: string | null): string | null {
  return application && (/\S+/.exec(application)?.[0] ?? application);
}

/** `reports.py:8` of `shop reports.py:8`; null where the name ends in no line of a file. */
export function lineInName(application: string | null): string | null {
  return /\s(\S*\.\w{1,5}:\d{1,6})$/.exec(application ?? '')?.[1] ?? null;
}
