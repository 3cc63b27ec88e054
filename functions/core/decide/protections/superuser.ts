import { cleanText } from '../../text/clean-text.ts';
import { type HardCheck, unknown, yes } from './protection.ts';

/** Superusers, and holders of SYSTEM_USER or SUPER on MySQL and MariaDB. */
export const superuser: HardCheck = {
  name: 'superuser',
  ask(session) {
    if (session.superuser === null) return unknown('whether its user is a superuser');
    return session.superuser ? yes(`${cleanText(session.user ?? '?', 64)} is a superuser`) : null;
  },
};
