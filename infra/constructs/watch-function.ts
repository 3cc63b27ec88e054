import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Configuration } from '../../functions/contract/configuration.ts';
import { watchKey } from '../../functions/contract/history-keys.ts';
import type { WatchedInput } from '../../functions/contract/watch.ts';
import { toPace } from '../settings/pace.ts';
import { toRecurrence } from '../settings/recurrence.ts';
import type { HistoryBucket } from './history-bucket.ts';
import type { InstalledCode } from './installed-code.ts';
import { InstalledFunction } from './installed-function.ts';

/** How often the watch runs: no less often than most targets are swept. */
export const watchMinutes = 5;

/** What the watch is made from. */
export interface WatchFunctionProps {
  readonly code: InstalledCode;
  readonly configuration: Configuration;
  readonly isStopped: boolean;
  readonly history: HistoryBucket;
  readonly failed: Queue;
  readonly environment: (logGroupName: string) => Record<string, string>;
}

/**
 * The function that watches whether targets are swept, by the age of each one's history: one for any number of targets, where a
 * metric for each would cost most of an installation. It lives outside of every VPC, reads no secret and connects to no database.
 */
export class WatchFunction extends Construct {
  readonly installed: InstalledFunction;

  constructor(scope: Construct, id: string, props: WatchFunctionProps) {
    super(scope, id);
    const { code, configuration, failed, environment, history } = props;
    this.installed = new InstalledFunction(this, 'Function', {
      code: code.linesFor('watch', toWatched(configuration, props.isStopped)),
      layer: code.layer,
      description: 'unleak: watches whether targets are swept',
      network: null,
      memorySize: 256,
      tracing: configuration.tracing,
      failed,
      environment,
    });
    const { role } = this.installed;
    const { bucket } = history;
    role.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucket.bucketArn] }),
    );
    role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['s3:GetObject', 's3:PutObject'],
        resources: [bucket.arnForObjects(watchKey)],
      }),
    );
  }
}

function toWatched({ targets, notify }: Configuration, isStopped: boolean): WatchedInput {
  return {
    everyMs: watchMinutes * 60_000,
    coolDownMs: notify.notifySettings.coolDownMs,
    isStopped,
    targets: targets.map(({ name, schedule, timezone }) => [
      name,
      schedule,
      timezone ?? 'UTC',
      toPace(toRecurrence(schedule)).graceSeconds * 1_000,
    ]),
  };
}
