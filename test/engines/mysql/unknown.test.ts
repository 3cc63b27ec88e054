import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { expandPolicy } from '../../../functions/contract/expand-policy.ts';
import { type Policy, policySchema } from '../../../functions/contract/policy.ts';
import { decide } from '../../../functions/core/decide/decide.ts';
import { Fault } from '../../../functions/core/model/fault.ts';
import type { Snapshot } from '../../../functions/core/model/snapshot.ts';
import type { ControlConnection } from '../../../functions/engines/engine.ts';
import { createControl } from '../../../functions/engines/mysql/connection/control.ts';
import type { Wire } from '../../../functions/engines/mysql/connection/wire.ts';
import { mysqlSettings } from '../../../cli/demo/mysql-estate.ts';
import { startMariadb } from '../../../servers/mariadb.ts';
import { startMysql } from '../../../servers/mysql.ts';
import type { LocalServer } from '../../../servers/local-server.ts';
import { createUser, mysqlServers, openApplication, openRoot, password, until } from './lab.ts';
import { openWire } from './open-wire.ts';

/** How a question can fail, as the driver tells it. */
const failures = [
  ['forbidden', { errno: 1142 }],
  ['without the privilege', { errno: 1227 }],
  ['too slow', { errno: 3024 }],
  ['too slow on MariaDB', { errno: 1969 }],
  ['broken off', { errno: 1317 }],
  ['unheard of', { errno: 1105 }],
  ['cut off', { code: 'PROTOCOL_CONNECTION_LOST', fatal: true }],
] as const;

/** A mild rule before each harder one, every condition, every exception; nothing that chooses some among many. */
const rest = ['idle', 'idle in transaction'];
const policies = [
  [
    { name: 'far', state: [...rest, 'active'], for: '1s', blocking: '5h' },
    { name: 'resting', state: rest, for: '1s' },
  ],
  [
    { name: 'mild', state: 'active', for: '1s', blocking: '1s', action: 'cancel' },
    { name: 'hard', state: 'active', for: '1s' },
  ],
  [
    { name: 'blockers', state: rest, for: '1s', blocking: '1s' },
    { name: 'old', state: 'idle in transaction', for: '1s', transaction: '1s' },
    { name: 'nameless', state: 'idle', for: '1s', except: { application: 'mysqldump' } },
    { name: 'full', state: ['idle', 'active'], for: '1s', utilization: { above: '1%' } },
  ],
  [{ name: 'groups', state: rest, for: '1s', group: ['application'], minimum: 2 }],
].map((rules) => ({ caps: { perSweep: 10_000, share: '100%' }, rules }));

describe.for(mysqlServers)('$name', ({ kind }) => {
  test(
    'whatever question fails, no verdict is harder than with all the answers',
    { timeout: 240_000 },
    async () => {
      const server = await startOwn(kind);
      await populate(server);
      const known = await until(async () => {
        const snapshot = await (await openFailing(server, 0, {})).control.snapshot();
        return snapshot.missing.length === 0 && snapshot;
      });
      const hardest = policies.map((policy) => verdicts(known, toPolicy(policy, kind)));
      expect(new Set(hardest.flatMap((each) => [...each.values()]))).toEqual(new Set([0, 1, 2]));
      for (const [how, error] of failures) {
        for (let nth = 1; ; nth += 1) {
          const failing = await openFailing(server, nth, error);
          const partial = await failing.control.snapshot().catch((fault: unknown) => fault);
          await failing.control.close();
          if (!failing.hasFailed()) break;
          if (partial instanceof Fault) continue;
          policies.forEach((policy, index) => {
            const harder = harderThan(
              hardest[index] ?? new Map(),
              verdicts(partial as Snapshot, toPolicy(policy, kind)),
            );
            expect(harder, `question ${nth} ${how}: ${failing.question()}; policy ${index}`).toEqual([]);
          });
        }
      }
    },
  );
});

async function startOwn(kind: string): Promise<LocalServer> {
  const server = await (kind === 'mysql' ? startMysql() : startMariadb({ settings: mysqlSettings }));
  onTestFinished(() => server.stop());
  return server;
}

/** One session of each kind that a fact protects or condemns, each of a process and a user of its own. */
async function populate(server: LocalServer): Promise<void> {
  const root = await openRoot(server);
  await root.query('CREATE DATABASE shop');
  await root.query('CREATE TABLE shop.item (id INT PRIMARY KEY) ENGINE=InnoDB');
  await root.query('CREATE TABLE shop.stock (id INT PRIMARY KEY) ENGINE=InnoDB');
  await root.query('INSERT INTO shop.item VALUES (1), (2)');
  let sessions = 0;
  const open = async (program: string, more: readonly string[] = []) => {
    sessions += 1;
    const user = await createUser(server, ['ALL ON shop.*', ...more]);
    const connectAttributes = { program_name: program, _pid: String(sessions) };
    return openApplication(server, { user, password, multipleStatements: true, connectAttributes });
  };
  await (await open('mysqldump')).query('SELECT 1');
  await (await open('web', ['SUPER ON *.*'])).query('SELECT 1');
  for (const sql of resting) await (await open('web')).query(sql);
  for (const sql of waiting) {
    (await open('web')).query(sql).catch(() => undefined);
    await sleep(50); // in this order
  }
  // All must be beyond the policies' second, and InnoDB's time one more.
  const old = `SELECT COUNT(*) AS n FROM information_schema.processlist WHERE user LIKE 'u${process.pid}x%' AND time >= 3`;
  await until(async () => {
    const [rows] = await root.query(old);
    return (rows as { n: number }[])[0]?.n === sessions;
  });
}

const resting = [
  'SELECT 1',
  'SELECT 2',
  `DO GET_LOCK('nightly', 0)`,
  'CREATE TEMPORARY TABLE shop.mine (id INT)',
  'HANDLER shop.stock OPEN',
  'BEGIN',
  `XA START 'branch'; INSERT INTO shop.stock VALUES (1); XA END 'branch'; XA PREPARE 'branch'`,
  'BEGIN; SELECT * FROM shop.item WHERE id = 1 FOR UPDATE',
];
const waiting = [
  'SET innodb_lock_wait_timeout = 600; SELECT * FROM shop.item WHERE id = 1 FOR UPDATE',
  'BEGIN; SELECT * FROM shop.item WHERE id = 2 FOR UPDATE; SELECT SLEEP(600)',
  'SET innodb_lock_wait_timeout = 600; SELECT * FROM shop.item WHERE id = 2 FOR UPDATE',
  'ALTER TABLE shop.item ADD COLUMN note INT',
  `SELECT GET_LOCK('nightly', 600)`,
  'SELECT SLEEP(600)',
];

/** A control connection whose n-th question the server answers with the error; 0 for none. */
async function openFailing(server: LocalServer, nth: number, error: object) {
  const { wire, variant } = await openWire(server);
  let [asked, failed] = [0, ''];
  const failing: Wire = {
    ...wire,
    ask: (sql) => {
      if ((asked += 1) !== nth) return wire.ask(sql);
      failed = sql.trim().slice(0, 120);
      return Promise.reject(Object.assign(new Error('as the test wants it'), error));
    },
  };
  const control: ControlConnection = createControl(failing, variant);
  onTestFinished(() => control.close());
  return { control, hasFailed: () => failed !== '', question: () => failed };
}

function toPolicy(policy: object, kind: string): Policy {
  return expandPolicy(policySchema.parse(policy), kind === 'mysql' ? 'mysql' : 'mariadb');
}

/** By session: 0 left alone, 1 its statement cancelled, 2 ended. */
function verdicts(snapshot: Snapshot, policy: Policy): ReadonlyMap<string, number> {
  const hardness = (verdict: string) => ['cancel', 'terminate'].indexOf(verdict) + 1;
  const { decisions } = decide(snapshot, policy);
  return new Map(decisions.map(({ session, verdict }) => [session.id, hardness(verdict)]));
}

/** Control connections of the test itself come and go, and are none of the estate. */
function harderThan(most: ReadonlyMap<string, number>, now: ReadonlyMap<string, number>): readonly string[] {
  return [...now].filter(([id, verdict]) => verdict > (most.get(id) ?? 2)).map(([id]) => id);
}
