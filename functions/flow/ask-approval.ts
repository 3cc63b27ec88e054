import { Fault, toFault } from '../core/model/fault.ts';
import type { Plan } from '../core/model/plan.ts';
import type { ControlConnection } from '../engines/engine.ts';
import type { Deps } from './deps.ts';

/**
 * Whether the plan may be carried out: yes where there is nobody to ask. After a yes the connection has to be there still, since an
 * answer may take a minute; the fault says that nothing was sent.
 */
export async function askApproval(
  control: ControlConnection,
  plan: Plan,
  approve: Deps['approve'],
): Promise<boolean> {
  if (approve === undefined) return true;
  if (!(await approve(plan))) return false;
  try {
    await control.watchLock();
    return true;
  } catch (error) {
    const { code, message, cause } = toFault(error, 'terminate');
    const says = `${message} This was found after the question was answered, so nothing was sent that ends a session.`;
    throw new Fault({ code, step: 'terminate', message: says, cause });
  }
}
