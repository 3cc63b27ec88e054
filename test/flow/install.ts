import type { SweepEventInput } from '../../functions/contract/event.ts';
import type { Installation } from '../../functions/contract/installation.ts';

/** What a deployment of one target tells the function. */
export function install(order: Omit<SweepEventInput, 'version'>): Installation {
  const { name, ...target } = order.target;
  return {
    ...(order.notify && { notify: order.notify }),
    policies: { web: order.policy },
    targets: { [name]: { ...target, policy: 'web', latestMs: 600_000 } },
  };
}
