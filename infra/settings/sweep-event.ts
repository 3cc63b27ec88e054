import type { Stack } from 'aws-cdk-lib';
import type { SweepEventInput } from '../../functions/contract/event.ts';
import { ConfigurationError } from './configuration-error.ts';
import type { UnleakConfig, UnleakTarget } from './unleak-config.ts';

/** What EventBridge Scheduler takes as a target's input, and Lambda as an asynchronous event: 256 KB. */
export const mostInputBytes = 262_144;

/* 1 MB less what every stack holds, and what stands around each input: its schedule and its part of the alarms. */
const mostTemplateBytes = 950_000;
const bytesAround = 1_100;

/** Scheduler's context attributes: it puts the values in at every tick. */
const tick = {
  scheduledTime: '<aws.scheduler.scheduled-time>',
  executionId: '<aws.scheduler.execution-id>',
  attempt: '<aws.scheduler.attempt-number>',
};

/** The event of a target's schedule, in the words of the file; a ConfigurationError if Scheduler would refuse its size. */
export function toSweepEvent(config: UnleakConfig, target: UnleakTarget): SweepEventInput {
  const { name, engine, host, port, database, mode, tls, policy: policyName } = target;
  const policy = config.policies[policyName];
  if (policy === undefined) throw new Error(`no policy ${policyName}: the configuration was not checked`);
  const secret = typeof target.secret === 'string' ? target.secret : target.secret.secretArn;
  const event: SweepEventInput = {
    version: 1,
    target: { name, engine, host, port, database, secret, mode, tls },
    policy,
    ...toTelling(config),
    tick,
  };
  refuseTooLarge(event, name, policyName);
  return event;
}

/** The event as Scheduler's input, where a secret's ARN may be known only to CloudFormation. */
export function toInput(stack: Stack, event: SweepEventInput): string {
  return stack.toJsonString(event);
}

/** A ConfigurationError if a stack's template would be larger than CloudFormation reads. */
export function refuseLargeTemplate(inputs: readonly string[]): void {
  const bytes = inputs.reduce(
    (sum, input) => sum + Buffer.byteLength(JSON.stringify(input)) + bytesAround,
    0,
  );
  if (bytes <= mostTemplateBytes) return;
  throw new ConfigurationError([
    `targets: about ${bytes} bytes with their policies, expected at most ${mostTemplateBytes} in one stack, since CloudFormation ` +
      'reads templates of 1 MB. Split the file in two and deploy each: npx cdk deploy -c config=FILE -c stack=NAME',
  ]);
}

function toTelling({ notify }: UnleakConfig): Pick<SweepEventInput, 'notify'> {
  const telling = {
    ...(notify?.when !== undefined && { when: notify.when }),
    ...(notify?.coolDown !== undefined && { coolDown: notify.coolDown }),
    ...(notify?.waiting !== undefined && { waiting: notify.waiting }),
  };
  return Object.keys(telling).length > 0 ? { notify: telling } : {};
}

function refuseTooLarge(event: SweepEventInput, target: string, policy: string): void {
  const bytes = Buffer.byteLength(JSON.stringify(event));
  if (bytes <= mostInputBytes) return;
  throw new ConfigurationError([
    `policies.${policy}: ${bytes} bytes in the schedule of the target ${target}, expected at most ${mostInputBytes}, ` +
      'which is all that EventBridge Scheduler sends; give the target a policy with fewer or shorter patterns',
  ]);
}
