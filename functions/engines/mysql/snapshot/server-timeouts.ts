import type { GuardName } from '../../../contract/guard-names.ts';
import type { ServerTimeouts } from '../../../core/model/snapshot.ts';
import type { Row } from '../connection/row.ts';

const names = [
  'wait_timeout',
  'interactive_timeout',
  'idle_transaction_timeout',
  'idle_write_transaction_timeout',
  'idle_readonly_transaction_timeout',
] as const satisfies readonly GuardName[];

/** The server's own limits on silence, which it keeps in seconds; a session may have set others for itself. */
export function toServerTimeouts(server: Row): ServerTimeouts {
  const told = names.filter((name) => server[name] != null);
  const limits = told.map((name) => [name, Number(server[name]) * 1_000] as const);
  return { limitsMs: Object.fromEntries(limits), exempt: [] };
}
