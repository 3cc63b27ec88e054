import type { Attempt } from '../../engine.ts';

/** The server knows no such thread: the check said no, or it left in the last microsecond. */
export const unknownThread = 1094;
/** "Not owner of thread". */
export const notOurs = 1095;
/** "Not owner of query": MariaDB's 1095 for the step before the end. */
const notOurQuery = 1979;
/** No such query, on MariaDB: the check said no, or the session has begun another command since. */
export const unknownQuery = 1957;
/** The server shuts down, or ended our own connection: nothing about the session. */
export const ourConnection: ReadonlySet<number> = new Set([1053, 1927, 4031]);

const reasons: Readonly<Record<number, string>> = {
  [notOurs]: 'our login lacks the privilege to end this session',
  1318: 'the procedure that ends it is not the one that `unleak grants` prints',
  1449: 'the account that the procedure runs as does not exist',
  1370: 'our login, or the user whose session it is, may not execute the procedure that ends it',
};

/** The answer about a session that the server refused to end with this error. */
export function refused(id: string, errno: number): Attempt {
  const code = errno === notOurQuery ? notOurs : errno;
  const message = reasons[code] ?? `the server answered with error ${code}`;
  return { id, result: 'refused', code: String(code), message };
}
