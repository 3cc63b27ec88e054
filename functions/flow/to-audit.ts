import { createHash } from 'node:crypto';
import type { SweepEvent } from '../contract/event.ts';
import { release } from '../contract/release.ts';
import type { ReportedAudit, Runner } from '../core/model/report.ts';
import type { Login } from '../engines/engine.ts';

/** What is known of a sweep before it has begun. */
export function beginAudit(ranBy: Runner): ReportedAudit {
  return { host: null, port: null, policy: null, ranBy, version: release };
}

/** The same once the event is read; `written` is the policy as the event has it. */
export function withPolicy(
  audit: ReportedAudit,
  { policyName }: SweepEvent,
  written: unknown,
): ReportedAudit {
  return { ...audit, policy: { name: policyName, hash: hashPolicy(written) } };
}

/** The same once it is known which server it is. */
export function withServer(
  audit: ReportedAudit,
  { host, port }: Pick<Login, 'host' | 'port'>,
): ReportedAudit {
  return { ...audit, host, port };
}

/** The first 12 digits of the SHA-256 of a policy as it was written, as JSON. */
export function hashPolicy(written: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(written ?? null))
    .digest('hex')
    .slice(0, 12);
}
