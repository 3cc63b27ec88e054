import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { expandPolicy } from '../../functions/contract/expand-policy.ts';
import { policySchema } from '../../functions/contract/policy.ts';
import type { EngineName } from '../../functions/contract/target.ts';
import { makeFolder } from './folder.ts';
import { runCli } from './run-cli.ts';

const ordinary = [
  "{ name: all, state: [idle, active], for: 90s, open: 1h, blocking: 10s, match: { application: ['a*', '/^b$/i'], client: 10.0.0.0/8 } }",
  '{ name: few, state: idle, for: 10m, unused: true, group: [user], minimum: 2, keep: { newest: 1 }, most: 3, except: { user: c } }',
  '{ name: full, state: idle in transaction, for: 1m, transaction: 2m, utilization: { above: 82.5%, until: 60% } }',
  '{ name: slow, state: active, for: 1h, action: cancel }',
];

function configuration(rules: readonly string[], engines: readonly EngineName[]): string {
  const policy = (name: string) =>
    `  ${name}:\n    rules:\n${rules.map((rule) => `      - ${rule}\n`).join('')}`;
  const target = (engine: EngineName) =>
    `  - { name: shop-${engine}, engine: ${engine}, host: h, secret: s, policy: shop, schedule: rate(5 minutes) }\n`;
  return `policies:\n${policy('shop')}${policy('spare')}targets:\n${engines.map(target).join('')}`;
}

async function printRules(text: string): Promise<ReadonlyMap<string, string>> {
  const path = makeFolder({ 'unleak.yaml': text });
  const { code, out } = await runCli(['validate', path('unleak.yaml'), '--rules']);
  expect(code).toBe(0);
  const [, ...parts] = out.split(/^# (.+)\n/m);
  return new Map(parts.flatMap((title, index) => (index % 2 === 0 ? [[title, parts[index + 1] ?? '']] : [])));
}

it('validate --rules prints the rules that a preset stands for, for each engine in use', async () => {
  const preset = '{ preset: django, connMaxAge: 300s, match: { user: shop_web } }';
  const printed = await printRules(configuration([preset], ['postgres', 'mysql']));
  expect([...printed.keys()]).toEqual(['shop on postgres', 'shop on mysql', 'spare: no target uses it']);
  expect(printed.get('shop on postgres')).toContain(
    '  - { name: django-idle, state: idle, for: 1m, open: 6m, match: { user: shop_web } }\n',
  );
  expect(printed.get('shop on mysql')).toContain(
    '  - { name: django-idle, state: idle, for: 6m, match: { user: shop_web } }\n',
  );
});

it('what validate --rules prints means the same when it is read again', async () => {
  const printed = await printRules(configuration(ordinary, ['postgres']));
  const written: unknown = parse(`rules:\n${ordinary.map((rule) => `  - ${rule}\n`).join('')}`);
  const read = (data: unknown) => expandPolicy(policySchema.parse(data), 'postgres').rules;
  expect(read(parse(printed.get('shop on postgres') ?? ''))).toEqual(read(written));
});

it.each(['unleak.yaml', 'unleak-quick.yaml'])('examples/django-shop/%s is fine', async (file) => {
  const { code, out } = await runCli(['validate', `examples/django-shop/${file}`]);
  expect(out).toBe(`examples/django-shop/${file} is fine: 1 policy, 1 target, all in dry run.\n`);
  expect(code).toBe(0);
});

it('the numbers of unleak-quick.yaml are those that the shop’s README starts it with', () => {
  const page = readFileSync('examples/django-shop/README.md', 'utf8');
  const quick = readFileSync('examples/django-shop/unleak-quick.yaml', 'utf8');
  const age = /SHOP_CONN_MAX_AGE=(\d+)/.exec(page)?.[1];
  const limit = /SHOP_TASK_TIME_LIMIT=(\d+)/.exec(page)?.[1];
  expect(quick.match(new RegExp(`connMaxAge: ${age}s`, 'g'))).toHaveLength(2);
  expect(quick).toContain(`taskTimeLimit: ${limit}s`);
});
