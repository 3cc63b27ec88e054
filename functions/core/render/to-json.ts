import type { Report } from '../report.ts';
import { byteSize } from './byte-size.ts';
import { toPrintable } from './to-printable.ts';
import { trimReport } from './trim-report.ts';

/** The longest text and statement, in characters. */
interface Lengths {
  readonly text: number;
  readonly statement: number;
}
const long: Lengths = { text: 1_000, statement: 500 };
const short: Lengths = { text: 300, statement: 100 };

/**
 * The report as JSON of at most `mostBytes` by `sizeOf`: as it is where it fits, else a TrimmedReport that tells what was
 * left out. What can never be left out, the fault and the counts, takes up to 16 KiB; a smaller budget may be passed.
 */
export function toJson(
  report: Report,
  mostBytes: number,
  sizeOf: (json: string) => number = byteSize,
): string {
  const whole = stringify(report, long);
  if (sizeOf(whole) <= mostBytes) return whole;
  return stringify(
    trimReport(report, mostBytes, (value) => sizeOf(stringify(value, short))),
    short,
  );
}

/** Any value as JSON, each text in it harmless to print. */
function stringify(value: unknown, lengths: Lengths): string {
  return JSON.stringify(value, (key, each: unknown) =>
    typeof each === 'string'
      ? toPrintable(each, key === 'statement' ? lengths.statement : lengths.text)
      : each,
  );
}
