import { Annotations, Duration } from 'aws-cdk-lib';
import { ComparisonOperator, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { Pace } from '../settings/pace.ts';
import type { AlarmFactory } from './alarm-bell.ts';
import { anyOf, leastOf } from './combined-metrics.ts';
import type { MetricSource } from './target-metrics.ts';

/** A target as alarms see it. */
export interface WatchedTarget {
  readonly name: string;
  /** When it is swept: targets with the same words are swept at the same times. */
  readonly times: string;
  readonly pace: Pace;
  /** The shortest pause between sweeps. */
  readonly shortestSeconds: number;
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
  private readonly bell: AlarmFactory;
  private readonly installation: string;

  constructor(scope: Construct, id: string, bell: AlarmFactory, installation: string) {
    super(scope, id);
    this.installation = installation;
    this.bell = bell;
  }

  watch(group: WatchedGroup, utilization: number): void {
    this.watchSweeps(group);
    this.watchUtilization(group, utilization);
  }

  /**
   * One window that holds a sweep wherever it begins. Several shorter ones would not do for a group: each of them may miss
   * another target's sweep. A missing value is what a sweep that did not run leaves behind.
   */
  private watchSweeps({ id, targets }: WatchedGroup): void {
    const missedAfter = targets[0]?.pace.missedAfterSeconds ?? null;
    if (missedAfter === null) {
      this.warnUnwatched(id);
      return;
    }
    const period = Duration.seconds(Math.ceil(missedAfter / 60) * 60);
    this.bell.add(this, `not-swept-${id}`, {
      metric: leastOf(this.sourcesOf(targets), 'swept', { period, statistic: Stats.SUM }),
      threshold: 1,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.BREACHING,
      says: `No sweep of ${namesOf(targets).join(' or ')} has succeeded for three periods.`,
      heading: 'alarm-not-swept',
    });
  }

  /** Two sweeps in a row, so a period is the shortest pause; without a sweep nothing is known, and the alarm stays as it is. */
  private watchUtilization({ id, targets }: WatchedGroup, share: number): void {
    const seconds = Math.min(86_400, Math.max(60, targets[0]?.shortestSeconds ?? 86_400));
    this.bell.add(this, `utilization-${id}`, {
      metric: anyOf(this.sourcesOf(targets), 'utilization', { period: Duration.seconds(seconds) }),
      threshold: share * 100,
      evaluationPeriods: 2,
      treatMissingData: TreatMissingData.IGNORE,
      says: `${namesOf(targets).join(' or ')}: at least ${share * 100}% of the connections are taken, after the sweep.`,
      heading: 'alarm-utilization',
    });
  }

  private sourcesOf(targets: readonly WatchedTarget[]): MetricSource[] {
    return targets.map(({ name }) => ({ installation: this.installation, target: name }));
  }

  private warnUnwatched(id: string): void {
    Annotations.of(this).addWarningV2(
      `unleak:not-watched-${id}`,
      `targets ${id}: its schedule pauses longer than CloudWatch can watch (7 days), so no alarm fires when it is not swept`,
    );
  }
}

function namesOf(targets: readonly WatchedTarget[]): string[] {
  return targets.map(({ name }) => name);
}
