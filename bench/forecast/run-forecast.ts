import { type Caught, catchLeak, countAlarms, daysOf, round, summarizeLeaks } from './measure.ts';
import { poissonBound } from './poisson-bound.ts';
import type { Series } from './series.ts';
import { leaksOf, type LeakTrial, rates, toChanged, toSecondLeak } from './trials.ts';
import { watchers } from './watchers.ts';

/** What was measured on one series. */
export interface Measured {
  readonly name: string;
  readonly days: number;
  /** On the series as it is, and with honest changes put in. */
  readonly alarms: Readonly<Record<keyof typeof watchers, readonly [number, number]>>;
  readonly caught: Readonly<Record<keyof typeof watchers, readonly Caught[]>>;
  /** A second leak a week after a first one, and the same leak without the first. */
  readonly again: readonly { readonly first: Caught; readonly second: Caught }[];
}

/** Measures one series with the forecast and both baselines. */
export function measureSeries(series: Series): Measured {
  const changed = toChanged(series);
  const leaks = leaksOf(series);
  const alarmsOf = (who: keyof typeof watchers) =>
    [countAlarms(series, watchers[who]()), countAlarms(changed, watchers[who]())] as const;
  const caughtBy = (who: keyof typeof watchers) =>
    leaks.map((leak) => catchLeak(series, leak, watchers[who]()));
  return {
    ...{ name: series.name, days: daysOf(series) },
    alarms: {
      forecast: alarmsOf('forecast'),
      threshold: alarmsOf('threshold'),
      theilSen: alarmsOf('theilSen'),
    },
    caught: {
      forecast: caughtBy('forecast'),
      threshold: caughtBy('threshold'),
      theilSen: caughtBy('theilSen'),
    },
    again: leaks.filter((_each, at) => at % 3 === 0).flatMap((leak) => catchAgain(series, leak) ?? []),
  };
}

function catchAgain(series: Series, leak: LeakTrial) {
  const second = toSecondLeak(series, leak);
  if (second === null) return null;
  return {
    first: catchLeak(series, leak, watchers.forecast()),
    second: catchLeak(series, second, watchers.forecast(), leak.startAt),
  };
}

/** The figures of some series together. */
export function summarize(all: readonly Measured[]) {
  const days = all.reduce((sum, each) => sum + each.days, 0);
  const caught = all.flatMap((each) => each.caught.forecast);
  const again = all.flatMap((each) => each.again);
  return {
    days: round(days),
    ...falseAlarms(all, 'forecast', days),
    ...summarizeLeaks(caught),
    thresholdLeadShare: baseline(all, 'threshold').medianLeadShare,
    laterThanThreshold: laterThan(all),
    byRate: Object.fromEntries(
      rates.map((rate) => [rate, summarizeLeaks(caught.filter((each) => each.rate === rate))]),
    ),
    secondLeaks: {
      first: summarizeLeaks(again.map(({ first }) => first)),
      second: summarizeLeaks(again.map(({ second }) => second)),
    },
    threshold: { ...falseAlarms(all, 'threshold', days), ...baseline(all, 'threshold') },
    theilSen: { ...falseAlarms(all, 'theilSen', days), ...baseline(all, 'theilSen') },
  };
}

export type ForecastFigures = ReturnType<typeof summarize>;

function falseAlarms(all: readonly Measured[], who: keyof typeof watchers, days: number) {
  const plain = all.reduce((sum, { alarms }) => sum + alarms[who][0], 0);
  const changed = all.reduce((sum, { alarms }) => sum + alarms[who][1], 0);
  const per100 = (alarms: number, of: number) => round((alarms / of) * 100);
  return {
    falseAlarms: plain + changed,
    falseAlarmsPer100Days: per100(plain + changed, 2 * days),
    falseAlarmsPer100DaysBound95: per100(poissonBound(plain + changed), 2 * days),
    falseAlarmsAsItIs: plain,
    falseAlarmsWithChanges: changed,
  };
}

function baseline(all: readonly Measured[], who: keyof typeof watchers) {
  const { missed, medianLeadShare } = summarizeLeaks(all.flatMap((each) => each.caught[who]));
  return { missed, medianLeadShare };
}

function laterThan(all: readonly Measured[]): number {
  return all
    .flatMap(({ caught }) => caught.forecast.map((each, at) => [each, caught.threshold[at]] as const))
    .filter(([ours, theirs]) => ours.leadShare < (theirs?.leadShare ?? 0)).length;
}
