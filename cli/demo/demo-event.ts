import type { SweepEventInput } from '../../functions/contract/event.ts';
import type { Mode } from '../../functions/contract/target.ts';
import type { ServerKind } from '../../servers/local-server.ts';

/** Long enough that every threshold of the demo's policy has been passed. */
export const agingMs = 4_500;

/** The event that a schedule would send, with thresholds in seconds so that nobody has to wait. */
export function toDemoEvent(kind: ServerKind, mode: Mode): SweepEventInput {
  const inTransaction: ('idle in transaction' | 'idle in transaction (aborted)')[] = [
    'idle in transaction',
    'idle in transaction (aborted)',
  ];
  return {
    version: 1,
    target: { name: `shop-${kind}`, engine: kind, secret: `demo/shop-${kind}`, mode, tls: 'off' },
    policy: {
      rules: [
        { name: 'blocker', state: inTransaction, for: '2s', blocking: '2s' },
        { name: 'stuck-transaction', state: inTransaction, for: '3s' },
        {
          name: 'leaked',
          state: 'idle',
          for: '3s',
          group: ['user', 'application', 'client'],
          keep: { newest: 2 },
        },
      ],
      caps: { perSweep: 50, share: '80%' },
    },
    notify: { when: 'always' },
  };
}
