import pc from 'picocolors';
import { expect, test } from 'vitest';
import { printReport } from '../../cli/sweep/print-report.ts';
import type { Finding } from '../../functions/core/findings/finding.ts';
import { quiet } from '../core/render/reports.ts';

const finding: Finding = {
  code: 'idle-sessions',
  severity: 'info',
  certainty: 'possible',
  title: 'Connections rest.',
  evidence: '3 sessions idle.',
  advice: 'Make the pool smaller.',
};

test('a finding in the terminal says how sure it is, how it shows, what to do and where more is', () => {
  const lines: string[] = [];
  const screen = {
    print: (...more: readonly string[]) => void lines.push(...more),
    progress: () => undefined,
    columns: 100,
    isTerminal: false,
    style: pc.createColors(false),
  };
  printReport(screen, { ...quiet, findings: [finding] }, 'unleak.yaml');
  expect(lines.slice(-4)).toEqual([
    'Possibly: Connections rest.',
    '  How it shows: 3 sessions idle.',
    '  What to do: Make the pool smaller.',
    '  More: docs/findings.md, under idle-sessions',
  ]);
});
