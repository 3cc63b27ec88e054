import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readConfiguration } from '../../functions/contract/read-configuration.ts';
import { makeFolder } from './folder.ts';
import { runCli } from './run-cli.ts';

describe('init', () => {
  it.each([
    ['postgres', ['--database', 'orders', '--port', '6432']],
    ['mysql', ['--email', 'dba@example.com']],
    ['mariadb', ['--secret', 'prod/shop', '--name', 'shop']],
  ])('writes a file for %s that validates and ends nothing', async (engine, more) => {
    const path = makeFolder();
    const args = [
      'init',
      '--config',
      path('unleak.yaml'),
      '--engine',
      engine,
      '--host',
      'orders.example.internal',
    ];
    expect(await runCli([...args, ...more])).toMatchObject({ code: 0, err: '' });
    const read = readConfiguration(readFileSync(path('unleak.yaml'), 'utf8'));
    expect(read).toMatchObject({ ok: true, value: { targets: [{ engine, mode: 'dry-run' }] } });
    expect(await runCli(['validate', path('unleak.yaml')])).toMatchObject({ code: 0 });
  });

  it('asks for what the flags leave out, and an empty answer takes what is usual', async () => {
    const path = makeFolder();
    const answers = ['', 'db-1.example.internal', '', '', '', 'dba@example.com'];
    const { code, err } = await runCli(['init', '-c', path('unleak.yaml')], { answers });
    expect({ code, questions: err.trim().split('\n').length }).toEqual({ code: 0, questions: 6 });
    expect(readFileSync(path('unleak.yaml'), 'utf8')).toMatch(
      /name: db-1\n +engine: postgres .*\n +host: db-1\.example\.internal\n +database: postgres\n +secret: unleak\/db-1 /,
    );
  });

  it('never writes over an existing file', async () => {
    const path = makeFolder({ 'unleak.yaml': 'mine' });
    const run = await runCli(['init', '-c', path('unleak.yaml'), '--engine', 'mysql', '--host', 'h']);
    expect(run).toMatchObject({ code: 2, err: expect.stringContaining('exists already') as string });
    expect(readFileSync(path('unleak.yaml'), 'utf8')).toBe('mine');
  });

  it.each([
    ['mysql', 'orders.abc.eu-west-1.rds.amazonaws.com', ' --for USER '],
    ['mysql', 'db.example.com', '    # SQL'],
    ['postgres', 'orders.abc.eu-west-1.rds.amazonaws.com', '    # SQL'],
  ])('tells of the grants that %s at %s lets anybody have', async (engine, host, expected) => {
    const path = makeFolder();
    const { out } = await runCli(['init', '-c', path('unleak.yaml'), '--engine', engine, '--host', host]);
    expect(out).toContain(`grants --engine ${engine}${expected}`);
  });

  it('without a terminal names the flags it needs', async () => {
    const path = makeFolder();
    const run = await runCli(['init', '-c', path('unleak.yaml')]);
    expect(run).toMatchObject({ code: 2, err: expect.stringContaining('--engine and --host') as string });
  });

  it('writes nothing that would not validate', async () => {
    const path = makeFolder();
    const run = await runCli([
      'init',
      '-c',
      path('unleak.yaml'),
      '--engine',
      'mysql',
      '--host',
      'mysql://h/x y',
    ]);
    expect(run).toMatchObject({ code: 2, err: expect.stringContaining('targets[0].host') as string });
    expect(existsSync(path('unleak.yaml'))).toBe(false);
  });
});

describe('validate', () => {
  const broken = 'policies: { web: { rules: [{ name: a, state: idle, for: soon }] } }\ntargets: []\n';

  it('tells all mistakes with line and column, and exits with 1', async () => {
    const path = makeFolder({ 'unleak.yaml': broken });
    const { code, out } = await runCli(['validate', path('unleak.yaml')]);
    expect(code).toBe(1);
    expect(out).toMatch(
      /unleak\.yaml:1:\d+ policies\.web\.rules\[0\]\.for: "soon" found[^]*unleak\.yaml:2:10 targets/,
    );
  });

  it('tells machines the same', async () => {
    const path = makeFolder({ 'unleak.yaml': broken });
    const { code, out } = await runCli(['validate', path('unleak.yaml'), '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      ...{ schema: 'unleak.validation/1', ok: false },
      problems: [
        { line: 1, path: 'policies.web.rules[0].for', value: '"soon"' },
        { line: 2, column: 10, path: 'targets' },
      ],
    });
  });

  it('a file that is not there is a usage error', async () => {
    expect(await runCli(['validate', '/nowhere/unleak.yaml'])).toMatchObject({ code: 2, out: '' });
  });
});

describe('which server and policy are meant', () => {
  const two =
    'policies: { web: { rules: [{ name: a, state: idle, for: 10m }] } }\ntargets:\n' +
    ['orders', 'stock']
      .map(
        (name) =>
          `  - { name: ${name}, engine: mysql, host: h, secret: s, policy: web, schedule: rate(5 minutes) }\n`,
      )
      .join('');

  it.each([
    ['several targets and none named', ['sweep'], 'orders, stock'],
    ['an unknown target', ['sweep', 'nope'], 'has no target nope; it has: orders, stock'],
    ['a URL in the place of a target', ['sweep', 'mysql://u:pw@h'], 'give it as --url'],
    [
      'a URL of another engine than the target',
      ['sweep', 'orders', '--url', 'postgres://u:secret@h'],
      'is mysql',
    ],
    ['a URL without a password and nobody to ask', ['sweep', '--url', 'mysql://u@h'], 'UNLEAK_PASSWORD'],
    ['an empty standard input', ['sweep', '--url', '-'], 'connection URL'],
    ['an unknown policy', ['sweep', 'orders', '-p', '#jobs'], 'has no policy jobs'],
  ])('%s', async (_what, args, says) => {
    const path = makeFolder({ 'unleak.yaml': two });
    const run = await runCli([...args, '-c', path('unleak.yaml')]);
    expect(run).toMatchObject({ code: 2, out: '', err: expect.stringContaining(says) as string });
    expect(run.err).not.toMatch(/:pw|secret@/);
  });

  it('UNLEAK_URL is not used where a target is named', async () => {
    const path = makeFolder({ 'unleak.yaml': two });
    const env = { UNLEAK_URL: 'mysql://u:pw@other-server.invalid/' };
    const run = await runCli(['sweep', 'nope', '-c', path('unleak.yaml')], { env });
    expect(run).toMatchObject({ code: 2, err: expect.stringContaining('has no target nope') as string });
  });
});

describe('completion', () => {
  it.each(['bash', 'zsh', 'fish'])('for %s knows the commands and their options', async (shell) => {
    const { code, out } = await runCli(['completion', shell]);
    expect(code).toBe(0);
    for (const word of ['simulate', 'enforce', 'against', 'mariadb']) expect(out).toContain(word);
  });
});

describe('usage', () => {
  it.each([
    ['no command', []],
    ['an unknown command', ['swep']],
    ['an unknown option', ['sweep', '--force']],
    ['too many arguments', ['validate', 'a', 'b']],
    ['a missing option', ['simulate']],
    ['a duration that is none', ['look', '--every', 'often']],
    ['an engine that is none', ['grants', '--engine', 'oracle']],
  ])('%s ends with 2 and prints nothing to standard output', async (_what, args) => {
    expect(await runCli(args)).toMatchObject({ code: 2, out: '' });
  });

  it.each([
    'init',
    'validate',
    'grants',
    'check',
    'look',
    'sweep',
    'explain',
    'simulate',
    'demo',
    'completion',
  ])('%s --help has examples', async (command) => {
    const { code, out } = await runCli([command, '--help']);
    expect(code).toBe(0);
    expect(out).toMatch(/Examples:\n {2}# .+\n {2}\S+/);
  });
});
