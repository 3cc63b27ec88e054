import type { FaultCode } from '../contract/fault-codes.ts';
import type { Step } from '../core/model/fault.ts';

const atLogin: Partial<Record<FaultCode, FaultCode>> = {
  'snapshot.server_exhausted': 'connect.server_exhausted',
  'snapshot.server_damaged': 'connect.server_damaged',
};

/** The code of a server's trouble with itself for the step that met it: it may refuse logins, or only statements. */
export function ofStep(code: FaultCode, step: Step): FaultCode {
  return (step === 'connect' ? atLogin[code] : undefined) ?? code;
}
