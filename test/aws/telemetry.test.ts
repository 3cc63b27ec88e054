import { describe, expect, test } from 'vitest';
import { createTelemetry } from '../../functions/aws/telemetry.ts';
import { metrics } from '../../functions/contract/metrics.ts';
import { Fault } from '../../functions/core/model/fault.ts';
import type { Report } from '../../functions/core/model/report.ts';
import type { SweepFacts } from '../../functions/core/to-report.ts';
import { buildSnapshot } from '../core/build-session.ts';
import { buildReport } from '../core/build-report.ts';
import { captureOutput } from './captured-output.ts';

const hostile = '\u001b[2J\r\n{"level":"INFO","message":"forged"}\u2028\u202e"\\𝄞';

type Line = Record<string, unknown> & { readonly report?: Partial<Report>; readonly part?: number };

/** What is logged for a report: each line read, metrics apart. */
function record(report: Report): { lines: Line[]; emf: Line[]; raw: string[] } {
  const { out, err } = captureOutput(() => createTelemetry('sweep-1', null).record(report, 1_234));
  expect(err).toEqual([]);
  const all = out.map((line) => JSON.parse(line) as Line);
  return {
    lines: all.filter((line) => !('_aws' in line)),
    emf: all.filter((line) => '_aws' in line),
    raw: out,
  };
}

function listOf(lines: readonly Line[], name: string): unknown[] {
  return lines.flatMap((line) => (line[name] as unknown[] | undefined) ?? []);
}

describe('the log', () => {
  test('has the whole report, under the sweep’s id, one JSON object a line', () => {
    const report = buildReport([{}, { user: 'other' }, { state: 'active' }]);
    const { lines } = record(report);
    const { decisions, outcomes, ...rest } = report;
    expect(lines[0]).toMatchObject({
      level: 'INFO',
      message: 'sweep would-end',
      sweepId: 'sweep-1',
      report: rest,
    });
    expect(listOf(lines, 'decisions')).toEqual(decisions);
    expect(listOf(lines, 'outcomes')).toEqual(outcomes);
  });

  test.each([
    ['5,000 sessions of one leaker', Array.from({ length: 5_000 }, () => ({}))],
    [
      '5,000 leakers with the longest and widest names',
      Array.from({ length: 5_000 }, (_, index) => ({
        user: `${index}${'界'.repeat(300)}`,
        application: '"\\'.repeat(300),
        client: '𝄞'.repeat(300),
        database: hostile.repeat(30),
        statement: '界'.repeat(3_000),
      })),
    ],
    [
      'a hundred sessions that each block a thousand others',
      Array.from({ length: 100 }, (_, index) => ({
        blocks: Array.from({ length: 1_000 }, (_, id) => ({
          id: `1844674407370955${index}${id}`,
          waitingMs: 1,
        })),
      })),
    ],
  ])(
    'of %s fits: no line reaches 256 KiB, all of it stays below 600 KiB, and every session is counted',
    (_what, sessions) => {
      const report = buildReport(sessions);
      const { lines, raw } = record(report);
      const longest = Math.max(...raw.map((line) => Buffer.byteLength(line)));
      expect(longest).toBeLessThan(256 * 1_024);
      expect(Buffer.byteLength(raw.join('\n'))).toBeLessThan(600 * 1_024);
      const grouped = listOf(lines, 'decisionGroups') as readonly { readonly sessions: number }[];
      const { leftOut } = lines[0] as { readonly leftOut?: { readonly decisions: number } };
      const counted = grouped.reduce((sum, { sessions: each }) => sum + each, leftOut?.decisions ?? 0);
      expect(listOf(lines, 'decisions').length + counted).toBe(report.decisions.length);
      const parts = lines.filter((line) => 'decisions' in line).map(({ part }) => part);
      expect(parts).toEqual([...parts].sort((a = 0, b = 0) => a - b));
      expect(new Set(parts).size).toBe(parts.length);
    },
  );

  test('cannot be forged by names or statements', () => {
    const names = { user: hostile, application: hostile, client: hostile, database: hostile };
    const report = buildReport([{ ...names, statement: hostile }], {
      target: { name: hostile, engine: hostile },
    });
    const { lines, raw } = record({ ...report, target: { ...report.target, name: 'orders' } });
    expect(lines.map(({ message }) => message)).toEqual(['sweep would-end', 'decisions']);
    for (const line of raw) expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  });

  test('tells a fault with its code, step and causes, and of these nothing that may hold a secret', () => {
    const marker = 'p4ssw0rd-marker';
    const root = Object.assign(new Error(`no\n    at ${marker} (/srv/x.js:1:1)`), { code: 'E_ROOT' });
    const fault = new Fault({
      code: 'connect.refused',
      step: 'connect',
      message: `Could not reach it.\n{"message":"forged"}`,
      cause: new TypeError(`password is ${marker}`, { cause: root }),
    });
    const { out, err } = captureOutput(() => createTelemetry('sweep-1', null).fault(fault, 'orders'));
    expect([out.length, err.length]).toEqual([1, 1]);
    const [line, emf] = [...err, ...out].map((text) => JSON.parse(text) as Line);
    expect(line).toMatchObject({
      level: 'ERROR',
      sweepId: 'sweep-1',
      message: String.raw`Could not reach it.\u{a}{"message":"forged"}`,
      fault: {
        name: 'ConnectFault',
        code: 'connect.refused',
        step: 'connect',
        actor: 'operator',
        cause: { name: 'TypeError', cause: { name: 'Error', code: 'E_ROOT' } },
      },
    });
    const { cause } = line?.['fault'] as { cause: { stack: string[] } };
    expect(cause.stack[0]).toMatch(/^at .*telemetry\.test\.ts/);
    expect([...err, ...out].join('\n')).not.toContain(marker);
    expect(emf).toMatchObject({ target: 'orders', Fault: 1 });
  });

  test('a fault with a very long message stays one line below 256 KiB', () => {
    const facts = { kind: 'Config', code: 'config.event', step: 'parse', actor: 'operator' } as const;
    const fault = new Fault({ ...facts, message: 'x'.repeat(500_000) });
    const { out, err } = captureOutput(() => createTelemetry('sweep-1', null).fault(fault, null));
    expect([out.length, err.length]).toEqual([0, 1]);
    expect(err[0]?.length).toBeLessThan(256 * 1_024);
  });
});

describe('the metrics', () => {
  const all = Object.values(metrics.names);
  interface Emf {
    readonly _aws: {
      readonly Timestamp: number;
      readonly CloudWatchMetrics: {
        Namespace: string;
        Dimensions: string[][];
        Metrics: { Name: string; Unit: string }[];
      }[];
    };
  }

  test('of the installation are one EMF line under its one dimension; all other numbers are properties of it', () => {
    const { emf } = record(buildReport([{}, { state: 'idle in transaction' }]));
    expect(emf).toHaveLength(1);
    const line = emf[0] as Line & Emf;
    const [directive, ...more] = line._aws.CloudWatchMetrics;
    expect(more).toEqual([]);
    expect(directive).toMatchObject({ Namespace: 'unleak', Dimensions: [[]] });
    const ofInstallation = metrics.ofInstallation.map((key) => metrics.names[key]);
    expect(directive?.Metrics.map(({ Name }) => Name).sort()).toEqual([...ofInstallation].sort());
    for (const name of all) expect(line[name], name).toEqual(expect.any(Number));
    expect(line).toMatchObject({
      target: 'orders',
      sweepId: 'sweep-1',
      outcome: 'would-end',
      Idle: 1,
      IdleInTransaction: 1,
      Chosen: 1,
      Duration: 1_234,
    });
    expect(Number.isInteger(line._aws.Timestamp)).toBe(true);
  });

  test('are told apart from those of another installation, and are a target’s own where they are asked for', () => {
    const { out } = captureOutput(() =>
      createTelemetry('sweep-1', 'staging', ['Utilization']).record(buildReport([{}]), 1),
    );
    const emf = out.map((line) => JSON.parse(line) as Line & Emf).find((line) => '_aws' in line);
    expect(emf).toMatchObject({ installation: 'staging', target: 'orders' });
    const [ofAll, ofTarget] = emf?._aws.CloudWatchMetrics ?? [];
    expect(ofAll?.Dimensions).toEqual([['installation']]);
    expect(ofTarget).toMatchObject({
      Dimensions: [['installation', 'target']],
      Metrics: [{ Name: 'Utilization', Unit: 'Percent' }],
    });
  });

  test('are all that a sweep without news logs, in less than 1 KB', () => {
    const { lines, emf, raw } = record(buildReport([{ state: 'active' }]));
    expect(lines).toEqual([]);
    expect(emf).toMatchObject([{ outcome: 'quiet', severity: 'info' }]);
    expect(Buffer.byteLength(raw.join('\n'))).toBeLessThan(1_000);
  });

  test.each<readonly [string, Partial<SweepFacts>, Record<string, number>]>([
    ['a sweep that found nothing', {}, { Swept: 1, Fault: 0, Chosen: 0 }],
    ['one that was locked out', { lockedOut: true, before: null, plan: null }, { Swept: 0, Fault: 0 }],
    [
      'one that failed: its fault is counted where it is known',
      {
        before: null,
        plan: null,
        fault: new Fault({
          code: 'connect.lost',
          step: 'snapshot',
          message: 'Lost.',
        }),
      },
      { Swept: 0, Fault: 0 },
    ],
  ])('count %s', (_what, facts, expected) => {
    const { emf } = record(buildReport([], facts));
    expect(emf[0]).toMatchObject(expected);
  });

  test('take the numbers after the sweep where there are some', () => {
    const report = buildReport([{}, {}], { after: buildSnapshot([]) });
    expect(record(report).emf[0]).toMatchObject({ Connections: 0, Utilization: 0, Chosen: 2 });
  });
});
