import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule, CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { prefixOf } from '../settings/prefix-of.ts';
import { toPace } from '../settings/pace.ts';
import { toRecurrence } from '../settings/recurrence.ts';

/** What a file says of a target's schedule. */
export interface ScheduledTarget {
  readonly name: string;
  readonly schedule: string;
  readonly timezone: string | null;
}

/** Whether schedules fire. */
export type ScheduleState = 'ENABLED' | 'DISABLED';

/**
 * A group of schedules, one for each target, and the role in which Scheduler hands their events over. One retry, within half a
 * period: Scheduler's own default is 185 over 24 hours, and a sweep that late would meet the sessions of another day.
 */
export class TargetSchedules extends Construct {
  readonly group: CfnScheduleGroup;
  private readonly role: Role;
  private readonly undelivered: Queue;
  private readonly state: ScheduleState;

  constructor(scope: Construct, id: string, undelivered: Queue, state: ScheduleState) {
    super(scope, id);
    this.undelivered = undelivered;
    this.state = state;
    this.group = new CfnScheduleGroup(this, 'Group', { name: prefixOf(scope) });
    const groupArn = Stack.of(this).formatArn({
      service: 'scheduler',
      resource: 'schedule-group',
      resourceName: prefixOf(scope),
    });
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: {
          StringEquals: {
            'aws:SourceAccount': Stack.of(this).account,
            'aws:SourceArn': groupArn,
          },
        },
      }),
    });
    this.allow('sqs:SendMessage', undelivered.queueArn);
  }

  /** Lets Scheduler invoke a function; called once for each. */
  allowInvoking(sweep: IFunction): void {
    this.allow('lambda:InvokeFunction', sweep.functionArn);
  }

  /** Adds the schedule of a target, which sends `input` to its function. */
  add(target: ScheduledTarget, sweep: IFunction, input: string): CfnSchedule {
    const description = `unleak looks after the sessions of ${target.name}`;
    return this.make(target.name, target, { description, state: this.state }, sweep, input);
  }

  /** Adds the schedule of the watch, which runs also while everything is stopped, to say so. */
  addWatch(minutes: number, watch: IFunction): CfnSchedule {
    const each = { name: '_watch', schedule: `rate(${minutes} minutes)`, timezone: null };
    const description = 'unleak watches whether its targets are swept';
    return this.make('Watch', each, { description, state: 'ENABLED' }, watch, '{}');
  }

  private make(
    id: string,
    { name, schedule, timezone }: ScheduledTarget,
    more: { readonly description: string; readonly state: ScheduleState },
    sweep: IFunction,
    input: string,
  ): CfnSchedule {
    const { flexibleMinutes: window, maximumEventAgeSeconds } = toPace(toRecurrence(schedule));
    const created = new CfnSchedule(this, id, {
      name,
      groupName: this.group.ref,
      ...more,
      scheduleExpression: schedule,
      ...(timezone !== null && { scheduleExpressionTimezone: timezone }),
      flexibleTimeWindow:
        window === 0 ? { mode: 'OFF' } : { mode: 'FLEXIBLE', maximumWindowInMinutes: window },
      target: {
        arn: sweep.functionArn,
        roleArn: this.role.roleArn,
        input,
        retryPolicy: { maximumRetryAttempts: 1, maximumEventAgeInSeconds: maximumEventAgeSeconds },
        deadLetterConfig: { arn: this.undelivered.queueArn },
      },
    });
    created.node.addDependency(this.role); // a rate fires at once, and then the role must have its rights
    return created;
  }

  private allow(action: string, resource: string): void {
    this.role.addToPrincipalPolicy(new PolicyStatement({ actions: [action], resources: [resource] }));
  }
}
