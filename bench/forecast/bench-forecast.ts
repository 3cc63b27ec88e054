import { writeFile } from 'node:fs/promises';
import { toForecastPage, toTable } from './print-forecast.ts';
import { type Measured, measureSeries, summarize } from './run-forecast.ts';
import { readSeries } from './series.ts';

interface Options {
  readonly series?: string | undefined;
  readonly json: boolean;
  readonly write?: string | undefined;
}

/** Measures the forecast on all series of a folder; prints tables, or one JSON object. */
export async function benchForecast({ series: folder, json, write }: Options): Promise<void> {
  if (folder === undefined)
    throw new Error('forecast needs --series FOLDER, with a .json file for each series');
  const measured = readSeries(folder).map((series) => {
    const one = measureSeries(series);
    if (!json) console.log(describe(one));
    return one;
  });
  const figures = {
    ...summarize(measured),
    series: measured.map((each) => ({ name: each.name, ...summarize([each]) })),
  };
  if (write !== undefined) await writeFile(write, toForecastPage(figures));
  console.log(json ? JSON.stringify(figures, null, 2) : toTable(figures).join('\n'));
}

function describe(one: Measured): string {
  const { falseAlarms, leaks, missed, medianLeadShare } = summarize([one]);
  return `${one.name}: ${falseAlarms} false alarms, ${missed} of ${leaks} leaks missed, median lead ${medianLeadShare}`;
}
