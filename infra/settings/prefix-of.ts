import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { createHash } from 'node:crypto';

const mostOfName = 64; // what Scheduler allows a group
const reserved = 'default'; // Scheduler's own group

/**
 * The name of an installation: its alarms, its dashboard, its group of schedules and its metrics are called so. The stack, and the
 * path of the construct in it where that is not simply `Unleak`; one that is too long is cut and gets a hash.
 */
export function prefixOf(unleak: Construct): string {
  const stack = Stack.of(unleak);
  const path = unleak.node.path.slice(stack.node.path === '' ? 0 : stack.node.path.length + 1);
  const name = path === 'Unleak' ? stack.stackName : `${stack.stackName}-${path.replace(/[^\w.-]+/g, '-')}`;
  if (name === reserved) return `unleak-${name}`;
  if (Token.isUnresolved(name) || name.length <= mostOfName) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${name.slice(0, mostOfName - hash.length - 1)}-${hash}`;
}
