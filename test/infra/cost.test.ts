import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseConfiguration } from '../../functions/contract/configuration.ts';
import { toMetricLine } from '../../functions/aws/to-metric-line.ts';
import { toBrief } from '../../functions/core/notify/to-brief.ts';
import { toNumbers } from '../../functions/core/notify/to-numbers.ts';
import { watchMinutes } from '../../infra/constructs/watch-function.ts';
import { costOf } from '../../infra/cost/cost-of.ts';
import { sweepPrice } from '../../infra/cost/monthly-cost.ts';
import type { TemplateResources } from '../../infra/cost/paid-parts.ts';
import { prices } from '../../infra/cost/prices.ts';
import { quietSweep } from '../../infra/cost/quiet-sweep.ts';
import { aConfig, manyTargets, synthesize } from './synthesize.ts';
import { aQuietReport } from './a-quiet-report.ts';

const sweepsOfMonth = 8_760; // rate(5 minutes)

function cost(count: number, more: Parameters<typeof aConfig>[1] = {}) {
  const config = aConfig(manyTargets(count), more);
  const parsed = parseConfiguration(config);
  if (!parsed.ok) throw new Error('the configuration is broken');
  const { Resources } = synthesize(config).toJSON() as { Resources: TemplateResources };
  return costOf(parsed.value, Resources, watchMinutes);
}

const dollars = (sum: number) => sum.toFixed(2);

describe('what an installation costs', () => {
  const counts = [1, 10, 100, 300];
  const costs = counts.map((count) => cost(count));

  test('is at most 7 dollars a month for all that does not grow with the targets', () => {
    expect(new Set(costs.map(({ installation }) => dollars(installation))).size).toBe(1);
    expect(costs[0]?.installation).toBeLessThanOrEqual(7);
  });

  test('is at most 0.60 for each target with a secret of its own, and 0.10 for one that reads none', () => {
    expect(prices.secretMonth + sweepsOfMonth * sweepPrice(true, false)).toBeLessThanOrEqual(0.6);
    expect(sweepsOfMonth * sweepPrice(false, false)).toBeLessThanOrEqual(0.1);
    costs.forEach(({ targets }, index) => {
      expect(targets + (counts[index] ?? 0) * prices.secretMonth).toBeLessThanOrEqual(
        0.6 * (counts[index] ?? 0),
      );
    });
  });

  test('stands in docs/deploy.md as it is added up here', () => {
    const rows = costs.map(({ installation, targets, total }, index) => {
      const count = counts[index] ?? 0;
      const secrets = count * prices.secretMonth;
      const cells = [`${count}`, installation, targets, secrets, total + secrets, (total + secrets) / count];
      return `| ${cells.map((cell) => (typeof cell === 'number' ? dollars(cell) : cell)).join(' | ')} |`;
    });
    const table = [
      '| Targets | Installation | Sweeps | Secrets | Together | Each target |',
      '|---|---|---|---|---|---|',
      ...rows,
    ].join('\n');
    const docs = readFileSync('docs/deploy.md', 'utf8');
    if (process.env['UNLEAK_WRITE_DOCS'] === '1')
      writeFileSync(
        'docs/deploy.md',
        docs.replace(/\| Targets \|[^]*?\n\n/, () => `${table}\n\n`),
      );
    else expect(docs).toContain(table);
    expect(docs).toContain(`in ${prices.asOf}`);
  });

  test('grows by 0.30 for each metric of each target that the file asks for, and by traces', () => {
    const plain = cost(10);
    const more = cost(10, { metrics: { perTarget: ['Utilization', 'Connections'] } });
    expect(more.total - plain.total).toBeCloseTo(10 * 2 * 0.3, 6);
    const traced = cost(10, { tracing: true });
    expect(traced.total - plain.total).toBeCloseTo(11 * sweepsOfMonth * prices.trace, 6);
  });
});

test('a quiet sweep logs no more than the price counts, also with the longest names', () => {
  const long = 'x'.repeat(63);
  const report = aQuietReport(long);
  const source = { installation: long, target: long, targetMetrics: [] };
  const line = JSON.stringify(toMetricLine(source, toNumbers(report, 12_345), toBrief(report), Date.now()));
  expect(Buffer.byteLength(line) + 26).toBeLessThanOrEqual(quietSweep.logBytes); // CloudWatch counts 26 for each
});
