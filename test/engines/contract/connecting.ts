import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { findFreePort } from '../../../servers/free-port.ts';
import { Fault } from '../../../functions/core/model/fault.ts';
import type { Login } from '../../../functions/engines/engine.ts';
import { TESTED_SERVERS } from '../../servers/available-servers.ts';
import { CA_FILES, toTlsFiles } from '../../servers/certificates.ts';
import type { Adapter } from './adapter.ts';
import { openRelay } from './relay.ts';
import { connectTo, errorOf, generous, never, until } from './sessions.ts';

const authority = (name: keyof typeof CA_FILES) => ({ ca: readFileSync(CA_FILES[name], 'utf8') });

/** Logging in, and every way in which that fails: a fault with the right code, in time, without a secret. */
export function describeConnecting(adapter: Adapter): void {
  describe('connecting', () => {
    test('verifies TLS against the authority it is given', async () => {
      const login = await adapter.createLogin('see and end');
      const control = await connectTo(adapter, { ...login, tls: authority('trusted') });
      await expect(control.snapshot()).resolves.toBeDefined();
    });

    test('leaves nothing behind when it closes', async () => {
      const login = await adapter.createLogin('see and end');
      const control = await connectTo(adapter, login);
      await control.snapshot();
      expect(await adapter.countSessionsOf(login.user)).toBe(1);
      await control.close();
      await control.close();
      await until(async () => (await adapter.countSessionsOf(login.user)) === 0, 'our session is gone');
    });

    const failures: readonly (readonly [what: string, code: string, change: Change])[] = [
      ['an authority not trusted here', 'connect.certificate_authority', () => ({ tls: authority('other') })],
      [
        'Amazon’s authorities, which did not sign this one',
        'connect.certificate_authority',
        () => ({ tls: 'rds' }),
      ],
      ['a wrong password', 'credentials.login_refused', () => ({ password: 'wrong' })],
      ['an unknown user', 'credentials.login_refused', () => ({ user: 'nobody_here' })],
      ['an unknown database', 'connect.unknown_database', () => ({ database: 'no_such_database' })],
      ['an unknown host', 'connect.unknown_host', () => ({ host: 'no-such-host.invalid' })],
      ['a port where nothing listens', 'connect.refused', async () => ({ port: await findFreePort() })],
    ];
    test.each(failures)('%s is %s', async (_what, code, change) => {
      const login = await adapter.createLogin('see and end');
      await expectFault(adapter, { ...login, ...(await change()) }, code);
      await until(async () => (await adapter.countSessionsOf(login.user)) === 0, 'our session is gone');
    });

    test(
      'a certificate for another name is connect.certificate_host',
      { timeout: 90_000 },
      async ({ onTestFinished }) => {
        const tested = TESTED_SERVERS.find(({ id }) => id === adapter.server.id);
        const other = await tested?.start({ tls: toTlsFiles('wrong-name') });
        if (!other) throw new Error('another server is needed');
        onTestFinished(() => other.stop());
        const { host, port, adminUser: user, adminPassword: password } = other;
        await expectFault(
          adapter,
          { host, port, user, password, database: null, tls: authority('trusted') },
          'connect.certificate_host',
        );
      },
    );

    test('a server that accepts and never speaks is connect.timeout', async () => {
      const login = await adapter.createLogin('see and end');
      const { port } = await openRelay(null);
      const limits = { ...generous, connectMs: 200 };
      const fault = await errorOf(adapter.engine.connect({ ...login, port }, limits, never));
      expect(fault).toMatchObject({ kind: 'Connect', code: 'connect.timeout' });
    });

    test('an abort during the login is deadline.exceeded', async () => {
      const login = await adapter.createLogin('see and end');
      const { port } = await openRelay(null);
      const deadline = new AbortController();
      const connecting = errorOf(adapter.engine.connect({ ...login, port }, generous, deadline.signal));
      deadline.abort();
      expect(await connecting).toMatchObject({
        kind: 'Deadline',
        code: 'deadline.exceeded',
        step: 'connect',
      });
    });

    test('an abort before the login is deadline.exceeded', async () => {
      const login = await adapter.createLogin('see and end');
      const fault = await errorOf(adapter.engine.connect(login, generous, AbortSignal.abort()));
      expect(fault).toMatchObject({ kind: 'Deadline', code: 'deadline.exceeded' });
    });
  });

  describe('a wire that fails', () => {
    test('an abort during a look is deadline.exceeded and cuts the wire', async () => {
      const login = await adapter.createLogin('see and end');
      const relay = await openRelay(adapter.server);
      const deadline = new AbortController();
      const control = await connectTo(adapter, { ...login, port: relay.port }, generous, deadline.signal);
      relay.silence();
      const looking = errorOf(control.snapshot());
      deadline.abort();
      expect(await looking).toMatchObject({ kind: 'Deadline', code: 'deadline.exceeded' });
      await until(async () => (await adapter.countSessionsOf(login.user)) === 0, 'our session is gone');
      expect(await errorOf(control.snapshot())).toMatchObject({ code: 'deadline.exceeded' });
    });

    test('a server that falls silent is snapshot.statement_timeout', async () => {
      const login = await adapter.createLogin('see and end');
      const relay = await openRelay(adapter.server);
      const control = await connectTo(
        adapter,
        { ...login, port: relay.port },
        { ...generous, statementMs: 100 },
      );
      relay.silence();
      expect(await errorOf(control.snapshot())).toMatchObject({
        kind: 'Snapshot',
        code: 'snapshot.statement_timeout',
      });
    });

    test('a cut wire is connect.lost, in the middle and ever after', async () => {
      const login = await adapter.createLogin('see and end');
      const relay = await openRelay(adapter.server);
      const control = await connectTo(adapter, { ...login, port: relay.port });
      relay.silence();
      const looking = errorOf(control.snapshot());
      relay.cut();
      expect(await looking).toMatchObject({ kind: 'Connect', code: 'connect.lost' });
      expect(await errorOf(control.snapshot())).toMatchObject({ code: 'connect.lost' });
      await expect(control.close()).resolves.toBeUndefined();
    });

    test('close does not wait for a server that fell silent', async () => {
      const login = await adapter.createLogin('see and end');
      const relay = await openRelay(adapter.server);
      const control = await connectTo(adapter, { ...login, port: relay.port });
      relay.silence();
      const start = performance.now();
      await control.close();
      expect(performance.now() - start).toBeLessThan(2_000);
    });
  });
}

type Change = () => Partial<Login> | Promise<Partial<Login>>;

async function expectFault(adapter: Adapter, login: Login, code: string): Promise<void> {
  const fault = await errorOf(adapter.engine.connect(login, generous, never));
  expect(fault).toBeInstanceOf(Fault);
  expect(fault).toMatchObject({ code, step: 'connect' });
  const everything = inspect(fault, { depth: 20, showHidden: true }) + JSON.stringify(fault);
  if (!['', 'wrong'].includes(login.password)) expect(everything).not.toContain(login.password);
}
