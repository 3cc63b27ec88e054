import type { Report } from '../model/report.ts';
import { toAscii } from '../text/to-ascii.ts';

/** A message attribute as SNS wants it: numbers as text as well, never empty. */
export interface Attribute {
  readonly type: 'String' | 'Number' | 'String.Array';
  readonly value: string;
}

/** What subscribers can filter by; public names. `news` tells a recovery from the sweeps. */
export function toAttributes(report: Report, news: 'sweep' | 'recovery'): Record<string, Attribute> {
  return {
    target: text(report.target.name),
    engine: text(report.target.engine),
    severity: text(report.severity),
    mode: text(report.mode),
    outcome: text(report.outcome),
    news: text(news),
    terminated: { type: 'Number', value: `${report.results.terminated ?? 0}` },
  };
}

function text(value: string): Attribute {
  return { type: 'String', value: toAscii(value, 128) || 'unknown' };
}
