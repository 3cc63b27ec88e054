import { readdirSync, readFileSync } from 'node:fs';

/** Signals a process, or a whole process group given as a negative number, and tells whether there was one to signal. */
export function sendSignal(target: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(target, signal);
  } catch {
    return false;
  }
}

/** Whether the process exists and still executes: one that waits to be reaped by its parent does not count. */
export function isRunning(pid: number): boolean {
  const stat = readStat(pid);
  return stat === null ? canBeSignalled(pid) : stat.state !== 'Z';
}

/** Whether the process or any member of the group that it leads still executes. */
export function isFamilyRunning(leader: number): boolean {
  if (process.platform !== 'linux') return isRunning(leader) || canBeSignalled(-leader);
  return readdirSync('/proc').some((entry) => {
    const stat = readStat(Number(entry));
    return stat !== null && stat.state !== 'Z' && (stat.group === leader || Number(entry) === leader);
  });
}

// In a container whose first process reaps nothing, an orphan stays in the process table for good; only /proc tells.
function readStat(pid: number): { state: string | undefined; group: number } | null {
  if (process.platform !== 'linux' || !Number.isInteger(pid)) return null;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state, group: Number(group) };
  } catch {
    return null;
  }
}

function canBeSignalled(target: number): boolean {
  try {
    return process.kill(target, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
