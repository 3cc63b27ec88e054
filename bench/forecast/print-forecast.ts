import type { ForecastFigures } from './run-forecast.ts';

/** The figures in all and per series. */
export type AllFigures = ForecastFigures & {
  readonly series: readonly (ForecastFigures & { readonly name: string })[];
};

/** Tables in Markdown, which people can read as they are. */
export function toTable(figures: AllFigures): readonly string[] {
  return [...toRates(figures), '', ...toBaselines(figures), '', ...toSeries(figures)];
}

function toRates({ byRate, secondLeaks, ...all }: AllFigures): readonly string[] {
  const row = (name: string, each: Omit<ForecastFigures['byRate'][string], never>) =>
    toRow([
      name,
      each.leaks,
      each.missed,
      each.medianLeadShare,
      each.medianDatingErrorMinutes,
      each.datingErrorMinutes90,
      each.fullInRangeShare,
    ]);
  return [
    ...toHead([
      'Leaks',
      'number',
      'missed',
      'median lead',
      'dated within (min, median)',
      '90 %',
      'full within the range',
    ]),
    ...Object.entries(byRate).map(([rate, each]) => row(`${rate} an hour`, each)),
    row('all', all),
    row('first of two', secondLeaks.first),
    row('second, a week later', secondLeaks.second),
  ];
}

function toBaselines(figures: AllFigures): readonly string[] {
  const row = (
    name: string,
    each: Pick<
      ForecastFigures,
      | 'falseAlarmsPer100Days'
      | 'falseAlarmsPer100DaysBound95'
      | 'falseAlarmsAsItIs'
      | 'falseAlarmsWithChanges'
      | 'missed'
      | 'medianLeadShare'
    >,
  ) =>
    toRow([
      name,
      each.falseAlarmsPer100Days,
      each.falseAlarmsPer100DaysBound95,
      each.falseAlarmsAsItIs,
      each.falseAlarmsWithChanges,
      each.missed,
      each.medianLeadShare,
    ]);
  return [
    ...toHead([
      '',
      'false alarms in 100 days',
      'at most (95 %)',
      'as it is',
      'with changes',
      'missed',
      'median lead',
    ]),
    row('forecast', figures),
    row('80 % threshold', figures.threshold),
    row('Theil-Sen over six hours', figures.theilSen),
    '',
    `${figures.laterThanThreshold} of ${figures.leaks} leaks were seen later than by the threshold.`,
  ];
}

function toSeries({ series }: AllFigures): readonly string[] {
  return [
    ...toHead([
      'Series',
      'days',
      'false alarms',
      'leaks',
      'missed',
      'median lead',
      'threshold',
      'dated within (min)',
    ]),
    ...series.map((each) =>
      toRow([
        each.name,
        each.days,
        each.falseAlarms,
        each.leaks,
        each.missed,
        each.medianLeadShare,
        each.thresholdLeadShare,
        each.medianDatingErrorMinutes,
      ]),
    ),
  ];
}

function toHead(cells: readonly string[]): readonly string[] {
  return [toRow(cells), toRow(cells.map(() => '---'))];
}

function toRow(cells: readonly (string | number | null)[]): string {
  return `| ${cells.map((cell) => cell ?? '-').join(' | ')} |`;
}

/** The page of the measurements. */
export function toForecastPage(figures: AllFigures): string {
  return `${introduction}\n${toTable(figures).join('\n')}\n`;
}

const introduction = `# How early a leak is seen, and how often for nothing

For anyone who doubts a forecast, or changes [how it is made](../reference/forecast.md). \`npm run bench -- forecast --series
FOLDER --write docs/measurements/forecast.md\` writes this page.

## Method

No public series of connection counts exist. These are other monitoring series, from public data sets under the MIT licence: the
Numenta Anomaly Benchmark and Microsoft's cloud monitoring data set. Each stands for the connections of a server with 100 slots.
It is scaled so that its 99.5th percentile takes 50 of them.

- **A sweep** every five minutes. It knows what the history of a target would hold, and nothing later.
- **A false alarm** is an alarm in a series without a leak. Alarms within six hours of each other are one. Each series runs
  twice: as it is, and with honest changes put in. These are a pool of 12 to 30 more connections for a day and a half, a batch job
  of three hours, and a restart, in every eight days.
- **A leak** adds 1, 3 or 8 connections an hour. Leaks begin at many places, the first after three days. Those count that fill the
  server within 6 to 96 hours.
- **Lead** is the time from the first alarm to the full server, as a part of the time from the beginning of the leak.
- **A second leak** begins a week after the first, which ended with a restart.
- **The range** is the time between the earliest and the latest time at which the alarm said that the server is full.

Real leaks come in bursts, and real servers are swept with gaps. These figures do not speak of that.

## Results
`;
