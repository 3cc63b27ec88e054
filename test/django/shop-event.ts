import { readFileSync } from 'node:fs';
import type { ServerKind } from '../../servers/local-server.ts';
import type { SweepEventInput } from '../../functions/contract/event.ts';
import type { Mode } from '../../functions/contract/target.ts';
import { readConfiguration } from '../../functions/contract/read-configuration.ts';

/** The shop's CONN_MAX_AGE in this test, and what stands for its longest request and task. */
export const connMaxAgeSeconds = 3;
const longestWork = '5s';

/** The event of the example's own unleak.yaml, its numbers made small so that nobody waits for minutes. */
export function toShopEvent(engine: ServerKind, mode: Mode): SweepEventInput {
  const read = readConfiguration(readFileSync('examples/django-shop/unleak.yaml', 'utf8'));
  const policy = read.ok ? read.written.policies['shop'] : undefined;
  if (!policy) throw new Error('examples/django-shop/unleak.yaml is broken');
  const rules = policy.rules.map((entry) => {
    if (!('preset' in entry)) return entry;
    const connMaxAge = `${connMaxAgeSeconds}s`;
    if (entry.preset === 'django') return { ...entry, connMaxAge, requestTimeout: longestWork };
    return entry.preset === 'celery' ? { ...entry, connMaxAge, taskTimeLimit: longestWork } : entry;
  });
  return {
    version: 1,
    target: { name: 'shop', engine, secret: 'shop', mode, tls: 'off' },
    policy: { ...policy, rules, caps: { perSweep: 50, share: '80%' } },
    notify: { when: 'always' },
  };
}
