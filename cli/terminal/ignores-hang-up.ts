import { readFileSync } from 'node:fs';

/** Whether the process was started to outlive its terminal, as nohup does it: a handler of ours would undo that. False where nobody tells. */
export function ignoresHangUp(): boolean {
  try {
    const ignored = /^SigIgn:\s*([0-9a-f]+)/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1];
    return ignored !== undefined && (BigInt(`0x${ignored}`) & 1n) === 1n;
  } catch {
    return false;
  }
}
