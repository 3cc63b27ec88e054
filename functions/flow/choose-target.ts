import type { FaultCode } from '../contract/fault-codes.ts';
import { parseInstallation, type ReadInstallation } from '../contract/installation.ts';
import { type Invocation, parseInvocation } from '../contract/invocation.ts';
import { describeProblem, type Problem } from '../contract/problems.ts';
import { Fault } from '../core/model/fault.ts';
import type { Deps } from './deps.ts';

/** How far ahead of the function's clock a tick may be. */
const aheadMs = 5 * 60_000;
const mostShown = 20;

/**
 * The event of the installed target that an invocation names, for `runSweep` to read. What is refused is logged and thrown before
 * any secret is read, and belongs to no target: it makes no metric, no notification and no history of a name that somebody invented.
 */
export function chooseTarget(input: unknown, installed: unknown, deps: Pick<Deps, 'telemetry' | 'now'>) {
  try {
    return toEvent(readInvocation(input), readInstallation(installed), deps.now());
  } catch (error) {
    if (error instanceof Fault) deps.telemetry.fault(error, null);
    throw error;
  }
}

function toEvent({ target: name, mode, tick }: Invocation, installation: ReadInstallation, nowMs: number) {
  const { targets, policies, notify } = installation;
  const found = Object.hasOwn(targets, name) ? targets[name] : undefined;
  if (found === undefined) throw refuse('config.target', `No target of this function is called ${name}`);
  const { policy, latestMs, ...target } = found;
  if (tick.scheduledAtMs !== null) refuseStale(name, nowMs - tick.scheduledAtMs, latestMs);
  return {
    version: 1,
    target: { ...target, name, ...(mode !== null && { mode }) },
    policy: Object.hasOwn(policies, policy) ? policies[policy] : undefined,
    policyName: policy,
    ...(notify !== undefined && { notify }),
  };
}

function refuseStale(name: string, lateMs: number, latestMs: number): void {
  if (lateMs > latestMs)
    throw refuse(
      'config.tick',
      `The tick for ${name} is ${inSeconds(lateMs)} old, expected at most ${inSeconds(latestMs)}`,
    );
  if (lateMs < -aheadMs)
    throw refuse(
      'config.tick',
      `The tick for ${name} is ${inSeconds(-lateMs)} ahead of the function's clock, expected at most ${inSeconds(aheadMs)}`,
    );
}

function inSeconds(ms: number): string {
  return `${Math.round(ms / 1_000)} s`;
}

function readInvocation(input: unknown): Invocation {
  const parsed = parseInvocation(input);
  if (parsed.ok) return parsed.value;
  throw refuse(
    'config.event',
    `An event names one installed target and nothing else. ${describe(parsed.problems)}`,
  );
}

function readInstallation(installed: unknown): ReadInstallation {
  const parsed = parseInstallation(installed);
  if (parsed.ok) return parsed.value;
  throw refuse(
    'config.environment',
    `The function was installed without its targets. ${describe(parsed.problems)}`,
  );
}

/** An event may be large and wrong in every key. */
function describe(problems: readonly Problem[]): string {
  const others = problems.length - mostShown;
  const shown = problems.slice(0, mostShown).map(describeProblem);
  return [...shown, ...(others > 0 ? [`and ${others} other mistakes`] : [])].join('; ');
}

function refuse(code: FaultCode, says: string): Fault {
  return new Fault({ code, step: 'parse', message: `${says}.` });
}
