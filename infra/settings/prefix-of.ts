import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** What alarms and the dashboard are called: the stack, and the construct where it is not simply `Unleak`. */
export function prefixOf(unleak: Construct): string {
  const stack = Stack.of(unleak).stackName;
  return unleak.node.id === 'Unleak' ? stack : `${stack}-${unleak.node.id}`;
}
