import pc from 'picocolors';
import { expect, test } from 'vitest';
import { printReport } from '../../cli/sweep/print-report.ts';
import type { Report } from '../../functions/core/model/report.ts';
import type { Finding } from '../../functions/core/findings/finding.ts';
import { incomplete, quiet } from '../core/notify/reports.ts';

const finding: Finding = {
  code: 'idle-sessions',
  severity: 'info',
  certainty: 'possible',
  title: 'Connections rest.',
  evidence: '3 sessions idle.',
  advice: 'Make the pool smaller.',
};

function printed(report: Report): string[] {
  const lines: string[] = [];
  const screen = {
    print: (...more: readonly string[]) => void lines.push(...more),
    printSurely: () => undefined,
    progress: () => undefined,
    columns: 100,
    isTerminal: false,
    style: pc.createColors(false),
  };
  printReport(screen, report, 'unleak.yaml');
  return lines;
}

test('sessions that were refused or survived are told with the reason', () => {
  const lines = printed(incomplete);
  const told = lines.slice(lines.indexOf('What did not work:')).join('\n');
  expect(told).toMatch(/refused.*42501.*insufficient privilege/s);
  expect(told).toMatch(/still there/);
  expect(printed(quiet)).not.toContain('What did not work:');
});

test('a finding in the terminal says how sure it is, how it shows, what to do and where more is', () => {
  const lines = printed({ ...quiet, findings: [finding] });
  expect(lines.slice(-4)).toEqual([
    'Possibly: Connections rest.',
    '  Evidence: 3 sessions idle.',
    '  What to do: Make the pool smaller.',
    '  More: docs/findings.md, under idle-sessions',
  ]);
});
