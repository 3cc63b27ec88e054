import { Fault } from '../../../core/model/fault.ts';
import { errnoOf } from './to-fault.ts';
import type { Row } from './row.ts';
import type { Wire } from './wire.ts';

/** Errors that say that our login may not, or that the server has no such thing. */
const denied: ReadonlySet<number> = new Set([1044, 1142, 1143, 1227, 1370, 1109, 1146, 1305]);

/** The rows, or null when our login may not read them; other errors reject. */
export async function askIfAllowed(wire: Wire, sql: string): Promise<readonly Row[] | null> {
  try {
    return await wire.ask(sql);
  } catch (error) {
    if (denied.has(errnoOf(error) ?? 0)) return null;
    throw error;
  }
}

/** Each of them lets a login end the sessions of others. */
export const endingPrivileges = ['CONNECTION_ADMIN', 'CONNECTION ADMIN', 'SUPER', 'ALL PRIVILEGES'];

/** Whether SHOW GRANTS, which lists what active roles give as well, names one of the privileges on everything. */
export function hasGlobal(rows: readonly Row[], wanted: readonly string[]): boolean {
  const lists = rows.flatMap(
    (row) => /^GRANT (.+?) ON \*\.\* TO /.exec(Object.values(row)[0] ?? '')?.[1] ?? [],
  );
  return lists.some((list) => list.split(/,\s*/).some((privilege) => wanted.includes(privilege)));
}

/** CURRENT_USER() as GRANT wants it: `o'neil@%` becomes `'o''neil'@'%'`. */
export function quoteAccount(account: string): string {
  const at = account.lastIndexOf('@');
  return [account.slice(0, at), account.slice(at + 1)].map(quote).join('@');
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}

/** The fault of a login that sees only its own sessions. */
export function cannotSee(account: string, cause: unknown): Fault {
  return new Fault({
    code: 'snapshot.privileges',
    step: 'snapshot',
    message: `Our login may not see the sessions of others. Grant it: GRANT PROCESS ON *.* TO ${quoteAccount(account)};`,
    cause,
  });
}
