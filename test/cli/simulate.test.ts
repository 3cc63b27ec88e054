import { describe, expect, it } from 'vitest';
import { makeFolder } from './folder.ts';
import { runCli } from './run-cli.ts';

const web = 'rules: [{ name: leaked, state: idle, for: 10m, keep: { newest: 1 } }]\ncaps: { share: 100% }';
const snapshot = (sessions: object[], more: object = {}) => ({
  ...{ schema: 'unleak.snapshot/1', engine: 'postgres', sessions },
  ...more,
});
const idle = (id: number, stateMs: number | string, more: object = {}) => ({
  ...{ id, user: 'app', state: 'idle', stateMs },
  ...more,
});

describe('simulate', () => {
  it('gives an array of decisions, one for each session, with the snapshot they are about', async () => {
    const path = makeFolder({
      'web.yaml': web,
      'now.json': snapshot([idle(7, '1h'), idle(8, '20m'), idle(9, 1_000)], {
        takenAt: '2026-01-31T07:00:00Z',
      }),
    });
    const { code, out } = await runCli([
      'simulate',
      '-p',
      path('web.yaml'),
      '-f',
      path('now.json'),
      '--json',
    ]);
    const decisions = JSON.parse(out) as object[];
    expect({ code, count: decisions.length }).toEqual({ code: 0, count: 3 });
    expect(decisions[0]).toMatchObject({
      schema: 'unleak.decision/1',
      snapshot: { file: path('now.json'), takenAt: '2026-01-31T07:00:00Z' },
      session: { id: '7', user: 'app', state: 'idle', stateMs: 3_600_000 },
      verdict: 'terminate',
      rule: 'leaked',
      reason: 'idle for 1h (limit 10m)',
    });
    expect(decisions.slice(1)).toMatchObject([
      { session: { id: '8' }, verdict: 'spared' },
      { session: { id: '9' }, verdict: 'no-rule', rule: null },
    ]);
  });

  it('shows many snapshots as a table in the order of their times', async () => {
    const path = makeFolder({
      'web.yaml': web,
      'b.json': snapshot([idle(7, '1h'), idle(8, '2h')], { takenAt: '2026-01-31T08:00:00Z' }),
      'a.json': snapshot([idle(7, '1s'), idle(8, '1h'), idle(9, '1h')], { takenAt: '2026-01-31T07:00:00Z' }),
    });
    const { out } = await runCli(['simulate', '-p', path('web.yaml'), '-f', path('b.json'), path('a.json')]);
    expect(out).toMatch(/2026-01-31T07:00:00Z +3 +\? +1 .*\n2026-01-31T08:00:00Z +2 +\? +1 /);
    expect(out).toContain('Different sessions that would have been chosen: 1.');
  });

  it('tells who fares differently under a second policy, and why', async () => {
    const path = makeFolder({
      'web.yaml': web,
      'new.yaml': web.replace('10m', '90m'),
      'now.json': snapshot([idle(7, '2h'), idle(8, '1h'), idle(9, '30m')]),
    });
    const args = ['simulate', '-p', path('web.yaml'), '-a', path('new.yaml'), '-f', path('now.json')];
    const { out } = await runCli(args);
    expect(out).toContain('A ends 2, B ends 0; 3 of 3 sessions fare differently.');
    expect(out).toContain('A end      leaked: idle for 1h (limit 10m)');
    const pairs = JSON.parse((await runCli([...args, '--json'])).out) as object[];
    expect(pairs).toContainEqual(
      expect.objectContaining({
        verdict: 'terminate',
        differs: true,
        against: expect.objectContaining({ verdict: 'no-rule' }) as object,
      }),
    );
  });

  it('takes #NAME from a whole unleak.yaml, and says what there is when it is missing', async () => {
    const path = makeFolder({
      'two.yaml': `policies:\n  web: { rules: [{ name: a, state: idle, for: 10m }] }\n  jobs: { rules: [{ name: b, state: idle, for: 2h }] }`,
      'now.json': snapshot([idle(7, '1h')]),
    });
    const args = (policy: string) => ['simulate', '-p', policy, '-f', path('now.json')];
    expect(await runCli(args(`${path('two.yaml')}#web`))).toMatchObject({ code: 0 });
    const several = await runCli(args(path('two.yaml')));
    expect(several).toMatchObject({ code: 2, err: expect.stringContaining('#web') as string });
    const none = await runCli(args(`${path('two.yaml')}#nope`));
    expect(none).toMatchObject({ code: 2, err: expect.stringContaining('has no policy nope') as string });
  });

  it('refuses what the Lambda would refuse: a policy that the engine cannot answer', async () => {
    const path = makeFolder({
      'web.yaml': 'rules: [{ name: a, state: idle, for: 10m, open: 1h }]',
      'now.json': snapshot([], { engine: 'mysql' }),
    });
    const run = await runCli(['simulate', '-p', path('web.yaml'), '-f', path('now.json')]);
    expect(run).toMatchObject({ code: 2, err: expect.stringContaining('rules[0].open') as string });
  });

  it('prints what a hostile server sends without harm, also as JSON', async () => {
    const hostile = '\u001b[2J\u009b31m\u202eevil\u2028\u{e0041}';
    const path = makeFolder({
      'web.yaml': web,
      'now.json': snapshot([idle(7, '1h', { user: hostile, application: hostile }), idle(8, '2h')]),
    });
    for (const more of [[], ['--json']]) {
      const { out } = await runCli(['simulate', '-p', path('web.yaml'), '-f', path('now.json'), ...more]);
      expect(out.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    }
  });
});
