import type { Session } from '../../core/session.ts';
import type { Attempt, EndRequest } from '../engine.ts';
import { askWhatWasSeen, endSql } from './end-sql.ts';
import type { WayToEnd } from './privileges.ts';
import type { Flavour } from './server.ts';
import { errnoOf } from './to-fault.ts';
import type { Wire } from './wire.ts';

/** The server knows no such thread: the check said no, or it left in the last microsecond. */
const unknownThread = 1094;
/** "Not owner of thread". */
const notOurs = 1095;
/** "Not owner of query": MariaDB's 1095 for the step before the end. */
const notOurQuery = 1979;
/** No such query, on MariaDB: the check said no, or the session has begun another command since. */
const unknownQuery = 1957;

/** The server shuts down, or ended our own connection: nothing about the session. */
const ourConnection: ReadonlySet<number> = new Set([1053, 1927, 4031]);

/** Ends the sessions one by one, each by a packet that checks it first; the answers come in the order of the requests. */
export async function end(
  wire: Wire,
  flavour: Flavour,
  way: WayToEnd,
  batch: readonly EndRequest[],
): Promise<readonly Attempt[]> {
  const attempts: Attempt[] = [];
  for (const request of batch) {
    const { id } = request.session;
    const untouchable = whyUntouchable(flavour, request.session);
    if (untouchable === null) attempts.push(await endOne(wire, request, endSql(flavour, way, request)));
    else attempts.push({ id, result: 'refused', code: '1095', message: untouchable });
  }
  return attempts;
}

/** MySQL refuses to end a SYSTEM_USER; MariaDB would end root, so we answer in its place. */
function whyUntouchable(flavour: Flavour, { kind, superuser }: Session): string | null {
  if (kind !== 'client') return 'it is not the session of a client';
  return flavour === 'mariadb' && superuser === true ? 'it belongs to a superuser' : null;
}

async function endOne(
  wire: Wire,
  { session: { id }, action }: EndRequest,
  sql: string | null,
): Promise<Attempt> {
  if (sql === null) return { id, result: 'changed' };
  try {
    await wire.ask(sql);
    return { id, result: 'signalled' };
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === null || ourConnection.has(errno)) throw error;
    if (errno === unknownQuery && action === 'terminate') return { id, result: 'changed' };
    return errno === unknownThread || errno === unknownQuery
      ? whyNot(wire, id)
      : refused(id, errno === notOurQuery ? notOurs : errno);
  }
}

async function whyNot(wire: Wire, id: string): Promise<Attempt> {
  const [row] = await wire.ask(askWhatWasSeen);
  const hasChanged = row?.['seen'] != null && row['same'] == null;
  return { id, result: hasChanged ? 'changed' : 'gone' };
}

function refused(id: string, errno: number): Attempt {
  const message =
    errno === notOurs
      ? 'our login lacks the privilege to end this session'
      : `the server answered with error ${errno}`;
  return { id, result: 'refused', code: String(errno), message };
}
