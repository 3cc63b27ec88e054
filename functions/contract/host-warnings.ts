import type { Configuration } from './configuration.ts';
import type { Warning } from './policy-warnings.ts';

const eachInstance =
  'Write a target for each instance, with its own endpoint: each costs what a target costs (docs/deploy.md).';
const pausing =
  'A sweep also keeps an Aurora Serverless v2 that pauses awake, 0.5 ACU or about 44 dollars a month.';

/** Endpoints of RDS that are not one server, and what a sweep of them does. */
const kinds = [
  {
    pattern: /\.cluster-ro-[a-z0-9]+\.[a-z0-9-]+\.rds\.amazonaws\.com/i,
    says: `the reader endpoint of a cluster leads to another instance each time, and sessions belong to instances. ${eachInstance}`,
  },
  {
    pattern: /\.cluster-custom-[a-z0-9]+\.[a-z0-9-]+\.rds\.amazonaws\.com/i,
    says: `a custom endpoint of a cluster leads to any of its instances, and sessions belong to instances. ${eachInstance}`,
  },
  {
    pattern: /\.cluster-[a-z0-9]+\.[a-z0-9-]+\.rds\.amazonaws\.com/i,
    says: `the endpoint of a cluster leads to its writer only: readers are never swept. ${eachInstance} ${pausing}`,
  },
  {
    pattern: /\.proxy-[a-z0-9]+\.[a-z0-9-]+\.rds\.amazonaws\.com/i,
    says: 'an RDS Proxy shows its own pool, whose sessions are no leaks. Write the endpoint of the instance behind it.',
  },
] as const;

/** Warns of hosts that are a cluster, a reader or a proxy by their name. */
export function warningsOfHosts({ targets }: Pick<Configuration, 'targets'>): readonly Warning[] {
  return targets.flatMap(({ host }, index) => {
    const kind = kinds.find(({ pattern }) => host !== null && pattern.test(host));
    return kind ? [{ path: ['targets', index, 'host'], message: `${host ?? ''}: ${kind.says}` }] : [];
  });
}
