import type { Target } from '../contract/target.ts';
import { Fault } from '../core/model/fault.ts';
import type { ControlConnection, Login } from '../engines/engine.ts';
import type { Deps } from './deps.ts';
import { toLogin } from './to-login.ts';

/** DNS, TCP, TLS and login together; a healthy server needs a small part of it. */
const connectMs = 10_000;
/** One statement of ours: a look at thousands of sessions takes a small part of it. */
const statementMs = 10_000;

/** Logins that another secret may mend: it may name another user, too. */
const mayBeRotated: ReadonlySet<string> = new Set([
  'credentials.login_refused',
  'credentials.account_locked',
  'credentials.password_expired',
]);

/** Our connection, and how many sessions its engine ends at a time. */
export interface LoggedIn {
  readonly control: ControlConnection;
  readonly batchSize: number;
  /** Where it was logged in. */
  readonly server: Pick<Login, 'host' | 'port'>;
}

/**
 * Opens our one connection to the target with the secret as it is now. A refused login fetches the secret once more,
 * since it may have been rotated in between, and tries again only if it has changed: the same wrong password twice could lock the account.
 */
export async function logIn(target: Target, deps: Deps): Promise<LoggedIn> {
  // The secret is on its way while the driver loads, which takes the processor for some milliseconds.
  const [secret, engine] = await Promise.all([
    deps.secrets.fetch(target.secret, deps.deadline.work),
    deps.loadEngine(target.engine),
  ]);
  const connect = async (secret: string): Promise<LoggedIn> => {
    const limits = { connectMs: Math.max(1, Math.min(connectMs, deps.deadline.workLeftMs())), statementMs };
    const login = toLogin(target, secret);
    const control = await engine.connect(login, limits, deps.deadline.work);
    return { control, batchSize: engine.batchSize, server: { host: login.host, port: login.port } };
  };
  try {
    return await connect(secret);
  } catch (error) {
    if (!(error instanceof Fault) || !mayBeRotated.has(error.code)) throw error;
    const again = await deps.secrets.fetch(target.secret, deps.deadline.work);
    if (again === secret) throw error;
    return await connect(again);
  }
}
