import { cleanText } from '../text/clean-text.ts';
import { defangName } from '../text/defang.ts';
import type { Session } from '../model/session.ts';
import type { DetachedTransaction, Snapshot } from '../model/snapshot.ts';
import type { Root } from './queue.ts';
import { toGidLiteral, toXidLiteral } from './transaction-literal.ts';

type Engine = Snapshot['engine'];

/** The statement that ends a root on its server, for people to run; null where none is known to help. */
export function endingSql(root: Root, engine: Engine): string | null {
  switch (root.kind) {
    case 'session':
      return root.session.kind === 'background' ? null : endSession(root.session.id, engine);
    case 'absent':
      return endSession(root.id, engine);
    case 'detached':
      return endTransaction(root.transaction);
  }
}

/** The milder statement, for a root at work: its statement alone ends; null where it is at rest. */
export function cancellingSql(session: Session, engine: Engine): string | null {
  const number = toNumber(session.id);
  if (session.state !== 'active' || session.kind !== 'client' || number === null) return null;
  return engine === 'postgres' ? `SELECT pg_cancel_backend(${number});` : `KILL QUERY ${number};`;
}

function endSession(id: string, engine: Engine): string | null {
  const number = toNumber(id);
  if (number === null) return null;
  return engine === 'postgres' ? `SELECT pg_terminate_backend(${number});` : `KILL ${number};`;
}

/** A server that gives something else than a number gives nothing that people should paste. */
function toNumber(id: string): string | null {
  return /^\d{1,20}$/.test(id) ? id : null;
}

function endTransaction({ kind, name }: DetachedTransaction): string | null {
  const literal = kind === 'prepared' ? toGidLiteral(name) : toXidLiteral(name);
  if (literal === null) return null;
  return kind === 'prepared' ? `ROLLBACK PREPARED ${literal};` : `XA ROLLBACK ${literal};`;
}

/** Where the name is nothing to paste: the statement that lists all of the kind. */
export function listingSql({ kind }: DetachedTransaction, engine: Engine): string {
  if (kind === 'prepared') return 'SELECT * FROM pg_prepared_xacts;';
  return engine === 'mariadb' ? "XA RECOVER FORMAT='SQL';" : 'XA RECOVER CONVERT XID;';
}

/** What to know before that statement is run. */
export function cautionOf(root: Root, engine: Engine): string {
  if (root.kind === 'detached') return cautionOfTransaction(root.transaction);
  const work = 'its client sees a lost connection, and what it has not committed is rolled back';
  if (root.kind === 'session' && root.awaited === 'snapshot')
    return `${work}; better let it commit. To cancel the statement that waits for it lets all others go as well, but what was built CONCURRENTLY then stays behind invalid`;
  return engine === 'postgres' ? work : `${work}; on RDS: CALL mysql.rds_kill(number)`;
}

function cautionOfTransaction({ kind, database, user }: DetachedTransaction): string {
  const commit = 'Ask first whether its coordinator meant it to be committed';
  if (kind === 'xa') return `${commit}: XA COMMIT with the same XID does that`;
  const who =
    user === null ? 'its owner or a superuser' : `${defangName(cleanText(user, 64))} or a superuser`;
  const where = database === null ? 'its database' : `the database ${defangName(cleanText(database, 64))}`;
  return `Run it in ${where}, as ${who}. ${commit}: COMMIT PREPARED with the same name does that`;
}
