import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Fault } from '../../functions/core/model/fault.ts';
import type { Report } from '../../functions/core/model/report.ts';
import type { Snapshot } from '../../functions/core/model/snapshot.ts';
import { createDeadline } from '../../functions/flow/deadline.ts';
import type { Deps } from '../../functions/flow/deps.ts';
import { loadEngine } from '../../functions/flow/load-engine.ts';
import { runSweep } from '../../functions/flow/run-sweep.ts';
import { faultOf } from '../aws/expect-fault.ts';
import { silent } from '../aws/stub-endpoint.ts';
import { createLocalParts, failing, type LocalParts, machineReportOf } from './local-parts.ts';
import { isAlive, openPostgresShop, type PostgresShop, until } from './postgres-shop.ts';
import { afterFirstCall, beforeCall, wrapEngine } from './wrap-engine.ts';

let shop: PostgresShop;
beforeAll(async () => {
  shop = await openPostgresShop();
});
afterAll(() => shop.stop());
/* Also the assertion that no sweep, however it ended, left a control connection behind. */
afterEach(() => shop.cleanUp());

/** Opens leaked sessions, old enough for the policy. */
async function leak(count: number) {
  const clients = [];
  for (let index = 0; index < count; index += 1) clients.push(await shop.open(`worker-${index}`));
  await shop.untilIdle(count);
  return clients;
}

async function sweep(
  mode: 'dry-run' | 'enforce',
  overrides: Partial<Deps> = {},
  secret: Parameters<typeof createLocalParts>[0] = shop.secret(),
): Promise<LocalParts & { readonly end: Report | Fault }> {
  const parts = createLocalParts(secret, overrides);
  const end = await runSweep(shop.event({ mode }), parts.deps).catch((error: unknown) => error as Fault);
  parts.deps.deadline.end();
  return { ...parts, end };
}

function resultsOf(report: Report | undefined): string[] {
  return (report?.outcomes ?? []).map(({ result }) => result);
}

/** A report without what a dry run cannot know. */
function whatIsSame(report: Report): object {
  const differs = ['mode', 'outcome', 'severity', 'results', 'outcomes', 'after'];
  return Object.fromEntries(Object.entries(report).filter(([key]) => !differs.includes(key)));
}

const endControl = () =>
  shop.ask(`select pg_terminate_backend(pid, 1000) from pg_stat_activity where application_name = 'unleak'`);

describe('a sweep', () => {
  test('that runs dry touches nothing and tells what it would end', async () => {
    const clients = await leak(3);
    const seen = `select pid, backend_start, state_change, query from pg_stat_activity where usename = 'shop'`;
    const before = await shop.ask(seen);
    const { end, messages, reports } = await sweep('dry-run');
    expect(end).toMatchObject({
      mode: 'dry-run',
      outcome: 'would-end',
      outcomes: [],
      results: {},
      after: null,
    });
    expect(await shop.ask(seen)).toEqual(before);
    expect(await Promise.all(clients.map(isAlive))).toEqual([true, true, true]);
    expect(reports).toEqual([end]);
    expect(machineReportOf(messages[0])).toEqual(end);
    expect(messages).toHaveLength(1);
  });

  test('that is enforced ends exactly what the dry run of the same snapshot said, and reports the same', async () => {
    const clients = await leak(3);
    const busy = await shop.open('busy', { sql: 'begin' });
    let seen: Snapshot | null = null;
    const keep = wrapEngine(({ snapshot: take }) => ({
      snapshot: async () => (seen ??= await take()),
    }));
    const dry = (await sweep('dry-run', keep)).end as Report;
    let looks = 0;
    const again = wrapEngine(({ snapshot: take }) => ({
      snapshot: () => (looks++ === 0 && seen ? Promise.resolve(seen) : take()),
    }));
    const { end, messages } = await sweep('enforce', again);
    const enforced = end as Report;
    expect(enforced).toMatchObject({ mode: 'enforce', outcome: 'ended', results: { terminated: 3 } });
    expect(JSON.stringify(whatIsSame(enforced))).toBe(JSON.stringify(whatIsSame(dry)));
    expect(enforced.outcomes.map(({ id }) => id)).toEqual(dry.decisions.map(({ session }) => session.id));
    expect(await Promise.all(clients.map(isAlive))).toEqual([false, false, false]);
    expect(await isAlive(busy)).toBe(true);
    expect(enforced.after?.used).toBe((enforced.before?.used ?? 0) - 3);
    expect(messages).toHaveLength(1);
  });

  test('with nothing to end is quiet', async () => {
    await shop.open('fresh');
    const { end, messages } = await sweep('enforce');
    expect(end).toMatchObject({ outcome: 'quiet', severity: 'info', outcomes: [], after: null });
    expect(messages).toEqual([]);
  });

  test('that meets another one ends well and touches nothing', async () => {
    const [client] = await leak(1);
    const engine = await loadEngine('postgres');
    const { host, port } = shop;
    const { password } = JSON.parse(shop.secret()) as { password: string };
    const other = await engine.connect(
      { host, port, database: null, user: 'unleak', password, tls: 'off' },
      { connectMs: 5_000, statementMs: 5_000 },
      new AbortController().signal,
    );
    await other.lock();
    const { end, messages, reports } = await sweep('enforce');
    await other.close();
    expect(end).toMatchObject({ outcome: 'locked-out', before: null });
    expect([messages.length, reports.length]).toEqual([0, 1]);
    expect(client && (await isAlive(client))).toBe(true);
  });

  test('is not kept out by a stranger with a lock of its name, and names him', async () => {
    const [client] = await leak(1);
    await shop.open('backdoor', { sql: 'select pg_advisory_lock(1970170981, 24939)' });
    const { end, messages } = await sweep('enforce');
    expect(end).toMatchObject({ outcome: 'ended', severity: 'warning' });
    expect((end as Report).findings).toContainEqual(
      expect.objectContaining({
        code: 'foreign-lock',
        who: expect.objectContaining({ application: 'backdoor' }) as unknown,
      }),
    );
    expect(client && (await isAlive(client))).toBe(false);
    expect(messages[0]?.message).toContain('backdoor');
  });

  test('protects a superuser among the candidates and ends the others', async () => {
    const boss = await shop.open('admin', { user: 'boss' });
    const clients = [await shop.open('a'), await shop.open('b')];
    await shop.untilIdle(3);
    const { end } = await sweep('enforce');
    expect(end).toMatchObject({ outcome: 'ended', verdicts: { terminate: 2, protected: 1 } });
    expect(await isAlive(boss)).toBe(true);
    expect(await Promise.all(clients.map(isAlive))).toEqual([false, false]);
  });

  test('leaves alone who woke up, began a transaction or left between look and act', async () => {
    const [woken, begun, left, leaked] = await leak(4);
    const { end } = await sweep(
      'enforce',
      wrapEngine(({ snapshot: take }) => ({
        snapshot: afterFirstCall(async () => {
          await woken?.query('select 2');
          await begun?.query('begin');
          await left?.end();
          await until(
            async () =>
              (await shop.ask(`select from pg_stat_activity where application_name = 'worker-2'`)).length ===
              0,
          );
        }, take),
      })),
    );
    const { outcomes, decisions, outcome } = end as Report;
    const nameOf = (id: string) => decisions.find(({ session }) => session.id === id)?.session.application;
    expect(Object.fromEntries(outcomes.map(({ id, result }) => [nameOf(id), result]))).toEqual({
      'worker-0': 'changed',
      'worker-1': 'changed',
      'worker-2': 'already gone',
      'worker-3': 'terminated',
    });
    expect(outcome).toBe('ended');
    expect([woken && (await isAlive(woken)), begun && (await isAlive(begun))]).toEqual([true, true]);
    expect(leaked && (await isAlive(leaked))).toBe(false);
  });
});

describe('a second look', () => {
  test.each([
    { what: 'is had again until who was signalled is gone', staleLooks: 2, result: 'terminated', looks: 4 },
    {
      what: 'that goes on finding them says that they survived',
      staleLooks: 9,
      result: 'survived',
      looks: 7,
    },
  ])('$what', async ({ staleLooks, result, looks }) => {
    await leak(2);
    let count = 0;
    let first: Snapshot | null = null;
    const stale = wrapEngine(({ snapshot: take }) => ({
      snapshot: async () => {
        count += 1;
        const snapshot = await take();
        first ??= snapshot;
        return count <= 1 + staleLooks ? first : snapshot;
      },
    }));
    const { end } = await sweep('enforce', stale);
    expect(resultsOf(end as Report)).toEqual([result, result]);
    expect(count).toBe(looks);
  });
});

describe('a refused login', () => {
  const countLogins = (own: { logins: number }): Partial<Deps> => ({
    loadEngine: async (name) => {
      const engine = await loadEngine(name);
      return {
        ...engine,
        connect: (...args) => {
          own.logins += 1;
          return engine.connect(...args);
        },
      };
    },
  });

  test('fetches the secret once more and logs in with the one that was rotated in between', async () => {
    await leak(1);
    const secrets = [shop.secret(), shop.secret({ password: 'rotated' })];
    const count = { logins: 0 };
    const secret = async () => {
      const [first, second = ''] = secrets.splice(0, secrets.length === 2 ? 1 : 2);
      if (secrets.length === 1) await shop.ask(`alter role unleak password 'rotated'`);
      return first ?? second;
    };
    const { end, fetches } = await sweep('enforce', countLogins(count), secret);
    const { password } = JSON.parse(shop.secret()) as { password: string };
    await shop.ask(`alter role unleak password '${password}'`);
    expect(end).toMatchObject({ outcome: 'ended' });
    expect([fetches(), count.logins]).toEqual([2, 2]);
  });

  test('is not tried again with the same secret, which could lock the account', async () => {
    const count = { logins: 0 };
    const wrong = shop.secret({ password: 'wrong-marker' });
    const { end, fetches, messages } = await sweep('enforce', countLogins(count), wrong);
    expect(end).toMatchObject({ code: 'credentials.login_refused' });
    expect([fetches(), count.logins, messages.length]).toEqual([2, 1, 1]);
    expect(JSON.stringify(messages)).not.toContain('wrong-marker');
  });

  test('is tried once more at most', async () => {
    let number = 0;
    const count = { logins: 0 };
    const secret = () => shop.secret({ password: `wrong-${number++}` });
    const { end, fetches } = await sweep('enforce', countLogins(count), secret);
    expect(end).toMatchObject({ code: 'credentials.login_refused' });
    expect([fetches(), count.logins]).toEqual([2, 2]);
  });
});

describe('a fault is recorded, told once and thrown', () => {
  function expectTold(
    { end, messages, reports, faults }: Awaited<ReturnType<typeof sweep>>,
    code: string,
  ): void {
    expect(end).toMatchObject({ code });
    expect(reports).toMatchObject([{ outcome: 'fault', severity: 'critical', fault: { code } }]);
    expect(messages.map(({ attributes }) => attributes['outcome']?.value)).toEqual(['fault']);
    expect(faults).toEqual([end]);
  }

  test('a wrong event, before anything is touched', async () => {
    const parts = createLocalParts(shop.secret());
    const end = await faultOf(runSweep({ version: 1, target: { name: 'shop', mode: 'on' } }, parts.deps));
    parts.deps.deadline.end();
    expectTold({ ...parts, end }, 'config.event');
    expect(parts.reports[0]?.target).toEqual({ name: 'shop', engine: 'unknown', version: null });
    expect(parts.fetches()).toBe(0);
  });

  test.each([
    ['for another engine', { engine: 'mysql' }, 'credentials.secret_malformed'],
    ['that names no user', { username: '' }, 'credentials.secret_malformed'],
    ['that points to nowhere', { host: '127.0.0.1', port: 1 }, 'connect.refused'],
    ['of a user that does not exist', { username: 'nobody' }, 'credentials.login_refused'],
  ])('a secret %s', async (_what, overrides, code) => {
    const [client] = await leak(1);
    expectTold(await sweep('enforce', {}, shop.secret(overrides)), code);
    expect(client && (await isAlive(client))).toBe(true);
  });

  test('a login without sight, with the GRANT that is missing', async () => {
    await shop.ask('revoke pg_monitor from unleak');
    const swept = await sweep('enforce');
    await shop.ask('grant pg_monitor to unleak');
    expectTold(swept, 'snapshot.privileges');
    expect(swept.messages[0]?.message).toContain('GRANT pg_monitor');
  });

  test('a server that takes the connection and never answers, within the time there is', async () => {
    const { url } = await silent();
    const start = performance.now();
    const deadline = createDeadline(8_000, Date.now);
    const swept = await sweep('enforce', { deadline }, shop.secret({ port: Number(new URL(url).port) }));
    expectTold(swept, (swept.end as Fault).code);
    expect(['connect.timeout', 'deadline.exceeded']).toContain((swept.end as Fault).code);
    expect(performance.now() - start).toBeLessThan(8_000);
  });

  test('an engine that cannot be loaded is a defect of unleak', async () => {
    const swept = await sweep('enforce', {
      loadEngine: () => Promise.reject(new Error('Cannot find module')),
    });
    expectTold(swept, 'invariant.unexpected');
    expect(swept.end).toMatchObject({ step: 'connect' });
  });

  test('a defect in the report does not hide what was ended', async () => {
    await leak(2);
    const broken = wrapEngine(({ snapshot: take }) => ({
      snapshot: async () => {
        const snapshot = await take();
        return { ...snapshot, capacity: { ...snapshot.capacity, limits: undefined as never } };
      },
    }));
    const swept = await sweep('enforce', broken);
    expectTold(swept, 'invariant.unexpected');
    expect(resultsOf(swept.reports[0])).toEqual(['terminated', 'terminated']);
  });
});

describe('when something fails after sessions were ended', () => {
  test('a notice that nobody takes: the whole report is in the log, and the function fails', async () => {
    await leak(2);
    const denied = new Fault({
      code: 'publish.denied',
      step: 'notify',
      message: 'No.',
    });
    const { end, reports, faults } = await sweep('enforce', { notifier: failing(denied) });
    expect(end).toBe(denied);
    expect(faults).toEqual([denied]);
    expect(reports).toMatchObject([{ outcome: 'ended', results: { terminated: 2 } }]);
  });

  test('a connection lost between batches: what came before is kept, the rest is not claimed', async () => {
    const clients = await leak(3);
    const { end, messages, reports } = await sweep(
      'enforce',
      wrapEngine((control) => ({ end: beforeCall(2, endControl, control.end) }), { batchSize: 1 }),
    );
    expect(end).toMatchObject({ kind: 'Connect', step: 'terminate' });
    expect(resultsOf(reports[0])).toEqual(['unverified', 'unverified', 'skipped']);
    expect(machineReportOf(messages[0])).toMatchObject({
      outcome: 'fault',
      results: { unverified: 2, skipped: 1 },
    });
    expect((await Promise.all(clients.map(isAlive))).filter(Boolean)).toHaveLength(2);
  });

  test.each([
    {
      how: 'is cancelled',
      signal: 'pg_cancel_backend(pid)',
      code: 'snapshot.statement_timeout',
      results: ['terminated', 'unverified', 'skipped'],
      sees: true,
    },
    {
      how: 'loses its connection',
      signal: 'pg_terminate_backend(pid)',
      code: 'connect.shutting_down',
      results: ['unverified', 'unverified', 'skipped'],
      sees: false,
    },
  ])('a statement that $how within a batch: a second look is had where it can be', async (failure) => {
    const waiting = `from pg_stat_activity where application_name = 'unleak' and wait_event_type = 'Lock'`;
    const clients = await leak(3);
    let batches = 0;
    const { end, reports } = await sweep(
      'enforce',
      wrapEngine(
        (control) => ({
          end: async (batch) => {
            batches += 1;
            if (batches !== 2) return control.end(batch);
            await shop.ask('begin; lock table pg_authid in access exclusive mode');
            const ending = control.end(batch);
            ending.catch(() => undefined);
            await until(async () => (await shop.ask(`select ${waiting}`)).length === 1);
            await shop.ask(`select ${failure.signal} ${waiting}`);
            await ending.catch(() => undefined);
            await shop.ask('commit');
            return ending;
          },
        }),
        { batchSize: 1 },
      ),
    );
    expect(end).toMatchObject({ code: failure.code, step: 'terminate' });
    expect(resultsOf(reports[0])).toEqual(failure.results);
    expect(reports[0]?.after !== null).toBe(failure.sees);
    expect(await Promise.all(clients.map(isAlive))).toEqual([false, true, true]);
  });

  test('a second look that cannot be had: nothing is claimed, and it is told', async () => {
    const clients = await leak(2);
    const { end, messages, reports } = await sweep(
      'enforce',
      wrapEngine((control) => ({ snapshot: beforeCall(2, endControl, control.snapshot) })),
    );
    expect(end).toMatchObject({ kind: 'Connect', step: 'verify' });
    expect(resultsOf(reports[0])).toEqual(['unverified', 'unverified']);
    expect(messages).toHaveLength(1);
    expect(await Promise.all(clients.map(isAlive))).toEqual([false, false]);
  });

  test('time that runs out between batches: the rest is skipped, verified and told', async () => {
    const clients = await leak(4);
    const deadline = createDeadline(60_000, Date.now);
    let asked = 0;
    const { end, messages } = await sweep('enforce', {
      ...wrapEngine(() => ({}), { batchSize: 1 }),
      deadline: { ...deadline, mayAct: () => asked++ < 2 },
    });
    expect(end).toMatchObject({ outcome: 'incomplete', severity: 'warning', fault: null });
    expect(resultsOf(end as Report)).toEqual(['terminated', 'terminated', 'skipped', 'skipped']);
    expect(messages).toHaveLength(1);
    expect((await Promise.all(clients.map(isAlive))).filter(Boolean)).toHaveLength(2);
  });

  test('work that is aborted in the middle: a Deadline fault, told in the time kept back', async () => {
    await leak(2);
    const abort = new AbortController();
    const deadline = { ...createDeadline(60_000, Date.now), work: abort.signal };
    const { end, messages, reports } = await sweep('enforce', {
      ...wrapEngine(
        (control) => ({
          end: beforeCall(
            2,
            () => {
              abort.abort();
              return Promise.resolve();
            },
            control.end,
          ),
        }),
        { batchSize: 1 },
      ),
      deadline,
    });
    expect(end).toMatchObject({ kind: 'Deadline', code: 'deadline.exceeded' });
    expect(resultsOf(reports[0])).toEqual(['unverified', 'unverified']);
    expect(messages).toHaveLength(1);
  });
});
