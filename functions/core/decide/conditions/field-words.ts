import type { MatchField } from '../../../contract/pattern.ts';

/** The fields of a session in words. */
export const fieldWords: Readonly<Record<MatchField, string>> = {
  user: 'user',
  database: 'database',
  application: 'application',
  client: 'client',
  statement: 'statement',
  serverState: 'server state',
};
