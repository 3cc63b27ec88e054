import pc from 'picocolors';
import { expect, test } from 'vitest';
import { printReport } from '../../cli/sweep/print-report.ts';
import type { ChosenPolicy } from '../../cli/target/policies.ts';
import type { Report } from '../../functions/core/model/report.ts';
import type { Finding } from '../../functions/core/findings/finding.ts';
import { incomplete, quiet } from '../core/notify/reports.ts';

const emptySession = {
  ...{ user: 'shop', database: null, application: 'app', client: null, state: 'idle' },
  ...{ openMs: null, transactionMs: null, statement: null, blocks: [] },
};

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
  printReport(screen, report, { label: '127.0.0.1:5432', policy: { label: 'unleak.yaml' } as ChosenPolicy });
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

test('decisions that differ in nothing but number and time are one line, and what became of each stands there', () => {
  const decisions = [
    ['9815', 'idle for 40s (limit 5s)', 40_000],
    ['9820', 'idle for 20s (limit 5s)', 20_000],
    ['9833', 'idle for 10s (limit 5s)', 10_000],
  ] as const;
  const lines = printed({
    ...quiet,
    decisions: decisions.map(([id, reason, stateMs]) => ({
      session: { ...emptySession, id, stateMs },
      ...{ verdict: 'terminate' as const, rule: 'idle-leak', protection: null, reason },
    })),
    outcomes: decisions.map(([id], index) => ({
      ...{ id, rule: 'idle-leak', code: null },
      result: index === 1 ? ('changed' as const) : ('terminated' as const),
    })),
  }).join('\n');
  expect(lines).toMatch(/ended +×2 9815…9833 +app +idle-leak: idle for up to 40s \(limit 5s\)/);
  expect(lines).toMatch(/changed +9820 +app +idle-leak: idle for 20s/);
});
