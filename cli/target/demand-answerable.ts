import { formatPath } from '../../functions/contract/problems.ts';
import { unanswerable } from '../../functions/contract/target.ts';
import { UsageError } from '../usage-error.ts';
import type { ChosenPolicy } from './policies.ts';

type Engine = Parameters<typeof unanswerable>[0];

/** The Lambda would refuse a policy that asks what this engine cannot tell, so nothing is decided by it here either. */
export function demandAnswerable({ label, policy }: ChosenPolicy, where: string, engine: Engine): void {
  const [problem] = unanswerable(engine, policy);
  if (!problem) return;
  throw new UsageError(
    `${label} cannot be used for ${where}: ${formatPath(problem.path)}: expected ${problem.expected}. Name another policy with --policy FILE#NAME.`,
  );
}
