import type { Report } from '../model/report.ts';
import { byteSize } from '../text/byte-size.ts';
import { plainStates } from './plain-states.ts';
import { cleanText } from '../text/clean-text.ts';
import { trimReport } from './trim-report.ts';

/** The most characters of a text by its key; names are everything that is neither prose nor a statement. */
interface Lengths {
  readonly prose: number;
  readonly statement: number;
  readonly name: number;
}
const long: Lengths = { prose: 1_000, statement: 500, name: 500 };
const short: Lengths = { prose: 300, statement: 100, name: 64 };

/** The keys of a decision alone take more bytes than this, so thousands need not be written out to see that they do not fit. */
const leastOfDecision = 200;

const prose = [
  'title',
  'evidence',
  'advice',
  'message',
  'reason',
  'what',
  'grant',
  'why',
  'caution',
  'remedies',
  'toSee',
];

/**
 * The report as JSON of at most `mostBytes` by `sizeOf`: as it is where it fits, else a TrimmedReport that tells what was
 * left out. What is never left out, the fault, the counts and the capacity, takes up to 16 KiB; so a budget below that may be passed.
 */
export function toJson(
  report: Report,
  mostBytes: number,
  sizeOf: (json: string) => number = byteSize,
): string {
  const { before, after } = report;
  const plain = { ...report, before: before && plainStates(before), after: after && plainStates(after) };
  if (report.decisions.length * leastOfDecision <= mostBytes) {
    const whole = stringify(plain, long);
    if (sizeOf(whole) <= mostBytes) return whole;
  }
  return stringify(
    trimReport(plain, mostBytes, (value) => sizeOf(stringify(value, short))),
    short,
  );
}

/** Any value as JSON, each text in it harmless to print. */
function stringify(value: unknown, lengths: Lengths): string {
  return JSON.stringify(value, (key, each: unknown) =>
    typeof each === 'string' ? cleanText(each, lengthOf(key, lengths)) : each,
  );
}

function lengthOf(key: string, lengths: Lengths): number {
  if (key === 'statement') return lengths.statement;
  return prose.includes(key) ? lengths.prose : lengths.name;
}
