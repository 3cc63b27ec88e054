import { appendFileSync, closeSync, openSync } from 'node:fs';
import type { Report } from '../../functions/core/model/report.ts';
import { cleanText } from '../../functions/core/text/clean-text.ts';
import { whyNot } from '../files/why-not.ts';
import { toJson } from '../terminal/to-json.ts';
import { UsageError } from '../usage-error.ts';

/**
 * A file that takes each report as one JSON line, for its owner only. A UsageError where it cannot be opened, before anything is
 * ended: whoever wants a log does not want a sweep without it.
 */
export function openLog(file: string): (report: Report) => void {
  const asked = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw new UsageError(`${cleanText(file)} cannot be written: ${whyNot(error)}.`);
    }
  };
  asked(() => closeSync(openSync(file, 'a', 0o600)));
  // One write: lines of two sweeps at once do not mix.
  return (report) =>
    asked(() => appendFileSync(file, `${toJson(report, 0)}\n`, { mode: 0o600, flush: true }));
}
