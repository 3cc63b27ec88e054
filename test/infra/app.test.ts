import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { resourcesOf, synthApp } from './synth-app.ts';

const folder = mkdtempSync(join(tmpdir(), 'unleak-app-'));
afterAll(() => rmSync(folder, { recursive: true }));

const example = readFileSync('unleak.yaml', 'utf8');

const synth = synthApp.bind(null, folder);

describe('a broken file', () => {
  test('stops synth with all of its mistakes, each with its place, and no stack trace', () => {
    const broken = example.replace('for: 2m', 'for: soon').replace('mode: dry-run', 'mode: maybe');
    const { status, config, lines } = synth('broken', broken);
    expect(status).toBe(1);
    expect(lines).toEqual([
      expect.stringMatching(
        new RegExp(
          `^${config}:\\d+:\\d+ policies\\.web\\.rules\\[1\\]\\.for: "soon" found, expected a duration`,
        ),
      ),
      expect.stringMatching(
        new RegExp(`^${config}:\\d+:\\d+ targets\\[0\\]\\.mode: "maybe" found, expected dry-run or enforce`),
      ),
    ]);
  });

  test('may be one that is not there', () => {
    const { status, lines } = synth('missing', example, { config: join(folder, 'nowhere.yaml') });
    expect([status, lines]).toEqual([
      1,
      [expect.stringContaining('no such file, expected the configuration')],
    ]);
  });

  test('may be a wrong word on the command line', () => {
    const { status, lines } = synth('context', example, { stopped: 'perhaps', docs: 'http://example.com' });
    expect([status, lines]).toEqual([
      1,
      [expect.stringMatching(/^-c docs: /), expect.stringMatching(/^-c stopped: /)],
    ]);
  });
});

test('changing one policy changes what one function knows and nothing else; the code keeps its hash', () => {
  const other =
    'targets:\n  - { name: stock, engine: postgres, host: stock.example.internal, secret: prod/stock/unleak, policy: other, schedule: rate(5 minutes) }';
  const two = example
    .replace('policies:', 'policies:\n  other: { rules: [{ name: old, state: idle, for: 1h }] }')
    .replace('targets:', other);
  const before = synth('before', two);
  const after = synth('after', two.replace('for: 1h', 'for: 2h'));
  expect([before.status, after.status]).toEqual([0, 0]);
  const [was, is] = [resourcesOf(before.outdir), resourcesOf(after.outdir)];
  const changed = Object.keys({ ...was, ...is }).filter(
    (id) => JSON.stringify(was[id]) !== JSON.stringify(is[id]),
  );
  expect(changed.map((id) => is[id]?.Type)).toEqual(['AWS::Lambda::Function']);
  const assets = (outdir: string) => readdirSync(outdir).filter((name) => name.startsWith('asset.'));
  expect(assets(after.outdir)).toEqual(assets(before.outdir));
});

test('the schemas of CloudFormation have nothing against a network with endpoints and a subscriber with a filter', () => {
  const network =
    'networks:\n  main: { vpcId: vpc-0123456789abcdef0, subnetIds: [subnet-0123456789abcdef0], databaseSecurityGroupIds: [sg-0123456789abcdef0], routeTableIds: [rtb-0123456789abcdef0], endpoints: create }\n';
  const subscriber = "subscriptions: [{ protocol: sms, endpoint: '+4930123456', severity: critical }]";
  const yaml =
    network +
    example
      .replace('  when:', `  ${subscriber}\n  when:`)
      .replace('    policy: web', '    network: main\n    policy: web');
  const { status, lines } = synth('validated', yaml, {}, true);
  expect([status, lines.filter((line) => /error|warning/i.test(line))]).toEqual([0, []]);
}, 120_000);
