import { hostname, userInfo } from 'node:os';
import type { Runner } from '../../functions/core/model/report.ts';
import { cleanText } from '../../functions/core/text/clean-text.ts';

/** Who runs a command here: the user and the host. */
export function toOperator(): Runner {
  return { kind: 'operator', name: cleanText(`${userName()}@${hostname()}`) };
}

/** In a container a user may have a number and no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
}
