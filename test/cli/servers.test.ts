import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAdmin as openMysqlAdmin } from '../engines/mysql/admin.ts';
import { CA_FILES } from '../servers/certificates.ts';
import { sweepAlone } from '../servers/sweep-alone.ts';
import { runCli } from './run-cli.ts';
import { openShop, policyFor, type Shop } from './shop.ts';

interface DecisionLike {
  readonly session: { readonly id: string };
  readonly verdict: string;
  readonly reason: string;
}

describe.each(inject('servers'))('$name, with the login of `unleak grants`', (server) => {
  let shop: Shop;
  let folder: string;
  let policy: string;
  let letOthersSweep: () => Promise<void>;

  beforeAll(async () => {
    letOthersSweep = await sweepAlone(server);
    shop = await openShop(server);
    folder = mkdtempSync(join(tmpdir(), 'unleak-cli-'));
    policy = join(folder, 'policy.yaml');
    writeFileSync(policy, policyFor(shop.appUser));
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await shop.close();
    await letOthersSweep();
  });

  it('look shows who is connected', async () => {
    const { code, out } = await runCli(['look', '--url', shop.url]);
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`3 +${shop.appUser} +.*127\\.0\\.0\\.1|3 +${shop.appUser} `));
  });

  it('check passes every layer', async () => {
    const { code, out } = await runCli(['check', '--url', shop.url, '--policy', policy, '--json']);
    const { ok, layers } = JSON.parse(out) as { ok: boolean; layers: { layer: string; status: string }[] };
    expect({ code, ok, broken: layers.filter(({ status }) => status === 'failed') }).toEqual({
      code: 0,
      ok: true,
      broken: [],
    });
    expect(layers.map(({ layer }) => layer)).toEqual([
      ...['secret', 'dns', 'tcp', 'tls', 'login', 'see', 'end', 'slots', 'lock', 'protections'],
    ]);
  });

  it('check tells which authority vouches for the server, and stops where none does', async () => {
    const trusted = await runCli(['check', '--url', `${shop.url}?sslrootcert=${CA_FILES.trusted}`]);
    expect(trusted.out).toMatch(/✓ tls +TLSv1\.[23], certificate of .+, valid until \d{4}-\d\d-\d\d/);
    expect(trusted.code).toBe(0);
    const other = await runCli(['check', '--url', `${shop.url}?sslrootcert=${CA_FILES.other}`]);
    expect(other.out).toMatch(/✗ tls +connect\.certificate_authority/);
    expect(other.out).toMatch(/- login +not tried/);
    expect(other.code).toBe(1);
  });

  it('check tries the network without the secret, where the file names the host', async () => {
    for (const [name, value] of Object.entries({
      ...{ AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x', AWS_REGION: 'eu-west-1' },
      ...{ AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_MAX_ATTEMPTS: '1' },
    }))
      vi.stubEnv(name, value);
    const { hostname, port } = new URL(shop.url);
    const file = join(folder, 'without-secret.yaml');
    writeFileSync(
      file,
      `policies: { p: { rules: [ { name: r, state: idle, for: 1h } ] } }
targets: [ { name: t, engine: ${server.kind}, host: "${hostname}", port: ${port}, secret: s, tls: off, policy: p, schedule: rate(5 minutes) } ]`,
    );
    const { code, out } = await runCli(['check', 't', '--config', file]);
    vi.unstubAllEnvs();
    expect(out).toMatch(/✗ secret/);
    for (const layer of ['dns', 'tcp', 'tls']) expect(out).toMatch(new RegExp(`✓ ${layer}`));
    expect(out).toMatch(/- login +not tried/);
    expect(code).toBe(1);
  });

  it('a wrong password breaks the login, and is not shown', async () => {
    const url = shop.url.replace(shop.password, 'Wr0ng-and-secret');
    for (const args of [['check'], ['look'], ['sweep', '--policy', policy], ['look', '--json']]) {
      const { code, out, err } = await runCli([...args, '--url', url]);
      expect(out + err).toContain('credentials.login_refused');
      expect(out + err).not.toContain('Wr0ng');
      expect(code).toBe(args[0] === 'check' ? 1 : 3);
    }
  });

  it('a snapshot that was saved gets the decisions that a sweep makes', async () => {
    const file = join(folder, 'saved.json');
    expect(await runCli(['look', '--url', shop.url, '--save', file])).toMatchObject({ code: 0 });
    const again = await runCli(['look', '--url', shop.url, '--save', file]);
    expect(again).toMatchObject({
      code: 2,
      err: expect.stringContaining('nothing is overwritten') as string,
    });
    const verdicts = (text: string) =>
      (JSON.parse(text) as DecisionLike[])
        .filter(({ verdict }) => verdict === 'terminate')
        .map(({ session }) => session.id)
        .sort();
    const simulated = await runCli(['simulate', '--policy', policy, '--snapshot', file, '--json']);
    const explained = await runCli(['explain', '--policy', policy, '--snapshot', file, '--json']);
    const live = await runCli(['explain', '--url', shop.url, '--policy', policy, '--json']);
    const swept = await runCli(['sweep', '--url', shop.url, '--policy', policy, '--json']);
    const { decisions } = JSON.parse(swept.out) as { decisions: DecisionLike[] };
    expect(verdicts(simulated.out)).toHaveLength(3);
    expect(verdicts(explained.out)).toEqual(verdicts(simulated.out));
    expect(verdicts(live.out)).toEqual(verdicts(simulated.out));
    expect(verdicts(JSON.stringify(decisions))).toEqual(verdicts(simulated.out));
    expect(simulated.out + explained.out + live.out + swept.out).not.toContain(shop.password);
  });

  it('a folder gets one file for each look of a watch, until Ctrl-C', async () => {
    const saved = mkdtempSync(join(folder, 'watch-'));
    const interrupt = new AbortController();
    const watching = runCli(['look', '--url', shop.url, '--watch', '--every', '500ms', '--save', saved], {
      interrupted: interrupt.signal,
    });
    await expect.poll(() => readdirSync(saved).length, { timeout: 20_000 }).toBeGreaterThanOrEqual(2);
    interrupt.abort('SIGINT');
    expect([0, 130]).toContain((await watching).code);
  });

  it.skipIf(server.kind === 'postgres')(
    'the SQL of docs/reference/snapshot.md makes a snapshot that can be read',
    async () => {
      const page = readFileSync(new URL('../../docs/reference/snapshot.md', import.meta.url), 'utf8');
      const admin = await openMysqlAdmin(server);
      const json: unknown = await admin.value(/```sql\n([^]*?)```/.exec(page)?.[1] ?? '');
      await admin.close();
      const file = join(folder, 'by-hand.json');
      writeFileSync(file, typeof json === 'string' ? json : JSON.stringify(json));
      const { code, out } = await runCli(['simulate', '--policy', policy, '--snapshot', file, '--json']);
      const ended = (JSON.parse(out) as DecisionLike[]).filter(({ verdict }) => verdict === 'terminate');
      expect({ code, ended: ended.length }).toEqual({ code: 0, ended: 3 });
    },
  );

  it('a sweep is a dry run unless somebody says otherwise', async () => {
    const { code, out } = await runCli(['sweep', '--url', shop.url, '--policy', policy]);
    expect({ code, left: await shop.count() }).toEqual({ code: 0, left: 3 });
    expect(out).toContain('Would end 3 and cancel 0');
  });

  it('--enforce without a terminal is refused before anything is done', async () => {
    const { code, err } = await runCli(['sweep', '--url', shop.url, '--policy', policy, '--enforce']);
    expect({ code, left: await shop.count() }).toEqual({ code: 2, left: 3 });
    expect(err).toContain('--yes');
  });

  it('--enforce asks once, showing how many and whose, and a no ends nothing', async () => {
    const args = ['sweep', '--url', shop.url, '--policy', policy, '--enforce'];
    const { code, err, out } = await runCli(args, { answers: ['no'] });
    expect({ code, left: await shop.count() }).toEqual({ code: 1, left: 3 });
    expect(err).toMatch(new RegExp(`3 +${shop.appUser} [^]*End 3 sessions on .*\\?`));
    expect(err.match(/\?/g)).toHaveLength(1);
    expect(out).toContain('Nothing was touched');
  });

  it('a yes ends exactly those', async () => {
    const args = ['sweep', '--url', shop.url, '--policy', policy, '--enforce'];
    const { code, out } = await runCli(args, { answers: ['yes'] });
    expect({ code, left: await shop.count() }).toEqual({ code: 0, left: 0 });
    expect(out).toContain('3 terminated');
    const again = await runCli([...args, '--yes']);
    expect(again).toMatchObject({ code: 0, out: expect.stringContaining('Nothing to end') as string });
  });
});
