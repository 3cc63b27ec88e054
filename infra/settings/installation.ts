import type { Installation, InstalledTarget } from '../../functions/contract/installation.ts';
import type { InvocationInput } from '../../functions/contract/invocation.ts';
import { ConfigurationError } from './configuration-error.ts';
import { toPace } from './pace.ts';
import { toRecurrence } from './recurrence.ts';
import type { UnleakConfig, UnleakTarget } from './unleak-config.ts';

/* 1 MB less what every stack holds, and what stands around each schedule and its part of the alarms. */
const mostTemplateBytes = 950_000;
const bytesAround = 1_300;

/** Scheduler's context attributes: it puts the values in at every tick. */
const tick = {
  scheduledTime: '<aws.scheduler.scheduled-time>',
  executionId: '<aws.scheduler.execution-id>',
  attempt: '<aws.scheduler.attempt-number>',
};

/** What a target's schedule sends: its name and the tick, and nothing that anybody could change to their advantage. */
export function toInvocation({ name }: { readonly name: string }): InvocationInput {
  return { version: 2, target: name, tick };
}

/** What a function is told of the targets it may sweep, in the words of the file, with the policies that they use. */
export function toInstallation(config: UnleakConfig, targets: readonly UnleakTarget[]): Installation {
  const used = [...new Set(targets.map(({ policy }) => policy))];
  return {
    ...toNotifySettings(config),
    policies: Object.fromEntries(used.map((name) => [name, policyOf(config, name)])),
    targets: Object.fromEntries(targets.map((target) => [target.name, toInstalled(target)])),
  };
}

/** A ConfigurationError if a stack's template would be larger than CloudFormation reads. */
export function refuseLargeTemplate(sizes: readonly number[], schedules: number): void {
  const bytes = sizes.reduce((sum, size) => sum + size, schedules * bytesAround);
  if (bytes <= mostTemplateBytes) return;
  throw new ConfigurationError([
    `targets: about ${bytes} bytes with their policies, expected at most ${mostTemplateBytes} in one stack, since CloudFormation ` +
      'reads templates of 1 MB. Split the file in two and deploy each: npx cdk deploy -c config=FILE -c stack=NAME',
  ]);
}

function policyOf({ policies }: UnleakConfig, name: string) {
  const policy = policies[name];
  if (policy === undefined) throw new Error(`no policy ${name}: the configuration was not checked`);
  return policy;
}

function toInstalled(target: UnleakTarget): InstalledTarget {
  const { engine, host, port, database, secretHost, mode, tls, policy, schedule } = target;
  const secret = typeof target.secret === 'string' ? target.secret : target.secret.secretArn;
  const { latestTickSeconds } = toPace(toRecurrence(schedule));
  return {
    engine,
    host,
    port,
    database,
    secret,
    secretHost,
    mode,
    tls,
    policy,
    latestMs: latestTickSeconds * 1_000,
  };
}

function toNotifySettings({ notify, alarms }: UnleakConfig): Pick<Installation, 'notify'> {
  const notifySettings = {
    ...(notify?.when !== undefined && { when: notify.when }),
    ...(notify?.coolDown !== undefined && { coolDown: notify.coolDown }),
    ...(notify?.waiting !== undefined && { waiting: notify.waiting }),
    ...(alarms?.utilization !== undefined && { nearlyFull: alarms.utilization }),
  };
  return Object.keys(notifySettings).length > 0 ? { notify: notifySettings } : {};
}
