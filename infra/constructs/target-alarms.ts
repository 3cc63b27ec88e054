import { Annotations, Duration } from 'aws-cdk-lib';
import { ComparisonOperator, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { Pace } from '../settings/pace.ts';
import type { AlarmBell } from './alarm-bell.ts';
import { anyOf, leastOf } from './combined-metrics.ts';

/** A target as alarms see it. */
export interface WatchedTarget {
  readonly name: string;
  readonly pace: Pace;
  /** The longest pause between sweeps, in seconds; null: longer than a week. */
  readonly longestSeconds: number | null;
}

/** Targets that share their alarms, since they are swept at the same pace. */
export interface WatchedGroup {
  readonly id: string;
  readonly targets: readonly WatchedTarget[];
}

/**
 * Alarms about targets: not swept any more, and nearly full. A group is one target, or in a large installation ten of one pace,
 * since a stack holds 500 resources and an alarm ten metrics.
 */
export class TargetAlarms extends Construct {
  private readonly bell: AlarmBell;

  constructor(scope: Construct, id: string, bell: AlarmBell) {
    super(scope, id);
    this.bell = bell;
  }

  watch(group: WatchedGroup, utilization: number): void {
    this.watchSweeps(group);
    this.watchUtilization(group, utilization);
  }

  /** Three windows without a sweep; a missing value is what a sweep that did not run leaves behind. */
  private watchSweeps({ id, targets }: WatchedGroup): void {
    const missedAfter = targets[0]?.pace.missedAfterSeconds ?? null;
    if (missedAfter === null) {
      this.warnUnwatched(id);
      return;
    }
    const period = Duration.seconds(Math.ceil(missedAfter / 3 / 60) * 60);
    this.bell.hang(this, `not-swept-${id}`, {
      metric: leastOf(namesOf(targets), 'swept', { period, statistic: Stats.SUM }),
      threshold: 1,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: 3,
      treatMissingData: TreatMissingData.BREACHING,
      says: `No sweep of ${namesOf(targets).join(' or ')} has succeeded for three periods.`,
      heading: 'alarm-not-swept',
    });
  }

  /** Two sweeps in a row; without a sweep nothing is known, and the alarm stays as it is. */
  private watchUtilization({ id, targets }: WatchedGroup, share: number): void {
    const seconds = Math.min(86_400, Math.max(60, targets[0]?.longestSeconds ?? 86_400));
    this.bell.hang(this, `utilization-${id}`, {
      metric: anyOf(namesOf(targets), 'utilization', { period: Duration.seconds(seconds) }),
      threshold: share * 100,
      evaluationPeriods: 2,
      treatMissingData: TreatMissingData.IGNORE,
      says: `${namesOf(targets).join(' or ')}: at least ${share * 100}% of the connections are taken, after the sweep.`,
      heading: 'alarm-utilization',
    });
  }

  private warnUnwatched(id: string): void {
    Annotations.of(this).addWarningV2(
      `unleak:not-watched-${id}`,
      `targets ${id}: its schedule pauses longer than CloudWatch can watch (7 days), so no alarm tells when it is not swept`,
    );
  }
}

function namesOf(targets: readonly WatchedTarget[]): string[] {
  return targets.map(({ name }) => name);
}
