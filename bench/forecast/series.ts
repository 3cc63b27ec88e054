import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as z from 'zod';

/** Counts at equal steps of time. */
export interface Series {
  readonly name: string;
  readonly startMs: number;
  readonly stepMs: number;
  readonly counts: readonly number[];
}

/** Slots of the imagined server, of which the 99.5th percentile of a series takes half. */
export const slots = 100;

const seriesSchema = z.object({
  startsAt: z.iso.datetime({ offset: true }),
  stepSeconds: z.number().positive(),
  values: z.array(z.number().nullable()).min(1),
});

/** All series of a folder, one in each `.json` file, scaled to the imagined server; an error names the file that holds none. */
export function readSeries(folder: string): readonly Series[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  if (files.length === 0) throw new Error(`--series ${folder} holds no .json file`);
  return files.sort().map((file) => readOne(join(folder, file)));
}

function readOne(file: string): Series {
  const read = seriesSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!read.success)
    throw new Error(
      `${file} is no series: expected startsAt, stepSeconds and values\n${z.prettifyError(read.error)}`,
    );
  const { startsAt, stepSeconds, values } = read.data;
  return {
    name: basename(file, '.json'),
    startMs: Date.parse(startsAt),
    stepMs: stepSeconds * 1_000,
    counts: toCounts(values),
  };
}

/** A gap in the values stays a gap in the sweeps: NaN. */
function toCounts(values: readonly (number | null)[]): readonly number[] {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  const high = sorted[Math.floor((sorted.length - 1) * 0.995)] ?? 0;
  const scale = high > 0 ? slots / 2 / high : 0;
  return values.map((value) =>
    value === null ? NaN : Math.min(slots, Math.max(0, Math.round(value * scale))),
  );
}
