import { appendFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { endProcess } from '../../servers/end-process.ts';
import { findFreePort } from '../../servers/free-port.ts';
import { runProgram } from '../../servers/run-program.ts';
import { writePrivateFile } from '../../servers/server-folder.ts';
import { findServerUser } from '../../servers/server-user.ts';
import { Fault } from '../../functions/core/model/fault.ts';
import { until } from '../flow/postgres-shop.ts';
import { afterFirstCall, beforeCall, wrapEngine } from '../flow/wrap-engine.ts';
import {
  type App,
  countAlive,
  expectFault,
  expectNextSweep,
  expectNoControl,
  type Lab,
  openLab,
} from './lab.ts';
import { launch, processOf, type ServerProcess, untilAnswers } from './server-process.ts';

/* A server that shuts down or is another one by the time that unleak acts, and a copy of it that only follows. */

const kinds = [...new Set(inject('servers').map(({ kind }) => kind))];
const lostCodes = ['connect.shutting_down', 'connect.lost'];

describe.for(process.platform === 'linux' ? kinds : [])('%s', (kind) => {
  let lab: Lab;
  let server: ServerProcess;
  beforeAll(async () => {
    lab = await openLab(kind);
    server = processOf(lab.server, () => lab.ask('select 1'));
  });
  afterEach(() => lab.settle());
  afterAll(async () => {
    await server.end();
    await lab.stop();
  });

  test('shutting down before the look: told as such; down, it is refused; up again, the next sweep works', async () => {
    await lab.leak(1);
    const dying = wrapEngine(({ snapshot: take }) => ({ snapshot: beforeCall(1, () => server.end(), take) }));
    expectFault(await lab.sweep({ deps: dying }), lostCodes);
    expectFault(await lab.sweep(), ['connect.refused']);
    await server.start();
    await expectNextSweep(lab, await lab.leak(1));
  });

  test('restarting between look and act: no session of the new server is ended, none is claimed', async () => {
    await lab.leak(2);
    let heirs: readonly App[] = [];
    const restarting = wrapEngine(({ snapshot: take }) => ({
      snapshot: afterFirstCall(async () => {
        await server.end();
        await server.start();
        heirs = await lab.leak(2); // on MySQL and MariaDB numbers begin anew, so these may have the old ones
      }, take),
    }));
    const { end, faults, reports } = await lab.sweep({ deps: restarting, remainingMs: 120_000 });
    expect(lostCodes).toContain((end as Fault).code);
    expect(end).toMatchObject({ step: 'terminate' });
    expect(faults).toEqual([end]);
    // PostgreSQL ends both by one statement, the others each by a packet of its own.
    const results = kind === 'postgres' ? { unverified: 2 } : { unverified: 1, skipped: 1 };
    expect(reports).toMatchObject([{ outcome: 'fault', results }]);
    expect(await countAlive(heirs)).toBe(2);
    await expectNextSweep(lab, heirs);
  });

  test('restarting between act and the second look: what was signalled is not claimed', async () => {
    const apps = await lab.leak(2);
    const restarting = wrapEngine(({ snapshot: take }) => ({
      snapshot: beforeCall(
        2,
        async () => {
          await server.end();
          await server.start();
        },
        take,
      ),
    }));
    const { end, reports } = await lab.sweep({ deps: restarting, remainingMs: 120_000 });
    expect(lostCodes).toContain((end as Fault).code);
    expect(end).toMatchObject({ step: 'verify' });
    expect(reports).toMatchObject([{ outcome: 'fault', results: { unverified: 2 } }]);
    expect(await countAlive(apps)).toBe(0);
    await expectNextSweep(lab, await lab.leak(1));
  });

  if (kind === 'postgres') {
    test('a smart shutdown, which waits for its sessions: told as such, and they are left alone', async () => {
      const apps = await lab.leak(2);
      server.signal('SIGTERM');
      await until(async () => (await lab.sweep({ target: { mode: 'dry-run' } })).end instanceof Fault);
      expectFault(await lab.sweep(), ['connect.shutting_down']);
      expect(await countAlive(apps)).toBe(2);
      await server.end();
      await server.start();
      await expectNextSweep(lab, await lab.leak(1));
    });

    test('a hot standby is looked at, though our role is serializable, and sessions are ended there; neither end of the stream is touched', async () => {
      await lab.ask(`alter role unleak set default_transaction_isolation = 'serializable'`);
      const standby = await openStandby(lab, server);
      const stream = async () => [
        await lab.ask('select pid from pg_stat_replication'),
        await standby.ask(`select pid, status, pg_is_in_recovery() as "isStandby" from pg_stat_wal_receiver`),
      ];
      await until(async () => (await stream()).every((rows) => rows.length === 1));
      const before = await stream();
      expect(before[1]).toMatchObject([{ isStandby: true }]);
      for (const each of [standby, lab]) {
        await expectNextSweep(each, await each.leak(2));
        await expectNoControl(each);
        await each.settle();
      }
      expect(await stream()).toEqual(before);
    });
  }
});

/** A copy of the lab's server that follows it. */
async function openStandby(lab: Lab, primary: ServerProcess): Promise<Lab> {
  const { server } = lab;
  const user = findServerUser();
  const folder = dirname(server.dataFolder);
  const dataFolder = join(folder, 'standby');
  await primary.end();
  await runProgram({ command: 'cp', args: ['-a', server.dataFolder, dataFolder], user, folder });
  writePrivateFile({ path: dataFolder, user }, 'standby.signal', '');
  const { host, port, adminUser, adminPassword } = server;
  const follows = `host=${host} port=${port} user=${adminUser} password=${adminPassword}`;
  appendFileSync(join(dataFolder, 'postgresql.conf'), `primary_conninfo = '${follows}'\n`);
  await primary.start();
  const standbyPort = await findFreePort();
  const { program } = primary.command;
  const pid = await launch({ program, args: ['-D', dataFolder, '-p', String(standbyPort)] }, dataFolder);
  const standby = lab.at(standbyPort);
  onTestFinished(async () => {
    standby.close();
    await endProcess(pid, [['SIGQUIT', 10_000]]);
  });
  await untilAnswers(() => standby.ask('select 1'));
  return standby;
}
