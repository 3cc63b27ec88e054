import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { SweepEventInput } from '../../functions/contract/event.ts';
import { install } from '../flow/install.ts';
import { type FunctionProcess, startFunction } from './function-process.ts';

/* Somebody who may invoke the function, or edit a schedule, can choose an installed target and nothing else. */

const password = 'pw-marker-production';
const requests: string[] = [];
const connections: string[] = [];

/** Stands for AWS: takes down what is asked, and knows one secret. */
const aws = createHttpServer((request, response) => {
  const action = String(request.headers['x-amz-target'] ?? request.url);
  requests.push(action);
  request.resume().on('end', () => {
    response.statusCode = action.endsWith('GetSecretValue') ? 200 : 503;
    response.end(JSON.stringify({ SecretString: JSON.stringify({ username: 'unleak', password }) }));
  });
});

/** Stands for a server that the sender of the event would like to be connected to. */
const database = createTcpServer((socket) => {
  connections.push('connected');
  socket.destroy();
});

let lambda: FunctionProcess;
let order: Omit<SweepEventInput, 'version'>;
let port = 0;

beforeAll(async () => {
  const awsPort = await listen(aws);
  port = await listen(database);
  order = {
    target: {
      name: 'orders',
      engine: 'postgres',
      host: '127.0.0.1',
      port,
      secret: 'prod/orders',
      tls: 'off',
    },
    policy: { rules: [{ name: 'leak', state: 'idle', for: '10m' }], caps: { share: '10%' } },
  };
  lambda = startFunction({
    AWS_ENDPOINT_URL: `http://127.0.0.1:${awsPort}`,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'x',
    AWS_SECRET_ACCESS_KEY: 'x',
    UNLEAK_TOPIC_ARN: 'arn:aws:sns:eu-central-1:111122223333:news',
    UNLEAK_HISTORY_BUCKET: 'unleak-history',
  });
});
afterAll(async () => {
  await lambda.stop();
  aws.close();
  database.close();
});
afterEach(() => {
  requests.length = 0;
  connections.length = 0;
});

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const good = { version: 2, target: 'orders' };
const target = () => ({ ...order.target });
/** As a release before this one would have been asked, with all that could be changed in it. */
const old = (changes: object) => ({ version: 1, ...order, target: { ...target(), ...changes } });
const years = 3 * 365 * 86_400_000;
const at = (ms: number) => new Date(Date.now() + ms).toISOString();

describe('an event is refused before anything is asked of AWS or of a database', () => {
  test.each<readonly [string, () => unknown, string]>([
    ['nothing', () => null, 'config.event'],
    ['an empty object', () => ({}), 'config.event'],
    ['a text', () => 'orders', 'config.event'],
    ['a list', () => [good], 'config.event'],
    ['another release’s version', () => ({ ...good, version: 1 }), 'config.event'],
    ['a whole target as it is installed', () => old({}), 'config.event'],
    ['another host', () => old({ host: 'attacker.example.com' }), 'config.event'],
    ['another port', () => old({ port: 22 }), 'config.event'],
    ['another secret', () => old({ secret: 'prod/billing' }), 'config.event'],
    ['another engine', () => old({ engine: 'mysql' }), 'config.event'],
    ['another database', () => old({ database: 'billing' }), 'config.event'],
    ['TLS switched off', () => old({ tls: 'off' }), 'config.event'],
    ['TLS off with a reason', () => old({ tls: { insecure: 'trust me' } }), 'config.event'],
    [
      'an authority of the sender’s',
      () => old({ tls: { ca: '-----BEGIN CERTIFICATE-----' } }),
      'config.event',
    ],
    ['a mode that ends sessions', () => old({ mode: 'enforce' }), 'config.event'],
    ['a policy beside the name', () => ({ ...good, policy: order.policy }), 'config.event'],
    ['caps beside the name', () => ({ ...good, caps: { share: '100%' } }), 'config.event'],
    ['lifted protections beside the name', () => ({ ...good, lift: ['superuser'] }), 'config.event'],
    ['notifications beside the name', () => ({ ...good, notify: { when: 'always' } }), 'config.event'],
    ['a mode that ends sessions, beside the name', () => ({ ...good, mode: 'enforce' }), 'config.event'],
    ['tls beside the name', () => ({ ...good, tls: 'off' }), 'config.event'],
    ['host beside the name', () => ({ ...good, host: '127.0.0.1' }), 'config.event'],
    ['installed beside the name', () => ({ ...good, installed: install(order) }), 'config.event'],
    ['a target of a prototype', () => ({ ...good, target: 'constructor' }), 'config.target'],
    ['__proto__', () => JSON.parse('{"version":2,"target":"__proto__"}') as unknown, 'config.event'],
    ['a list of targets', () => ({ ...good, target: ['orders'] }), 'config.event'],
    ['a target in capitals', () => ({ ...good, target: 'ORDERS' }), 'config.event'],
    ['a target with a newline', () => ({ ...good, target: 'orders\n' }), 'config.event'],
    ['a target that is not installed', () => ({ ...good, target: 'invented' }), 'config.target'],
    ['a tick of years ago', () => ({ ...good, tick: { scheduledTime: at(-years) } }), 'config.tick'],
    [
      'a tick older than two periods',
      () => ({ ...good, tick: { scheduledTime: at(-605_000) } }),
      'config.tick',
    ],
    ['a tick of the future', () => ({ ...good, tick: { scheduledTime: at(years) } }), 'config.tick'],
    ['a tick that is no time', () => ({ ...good, tick: { scheduledTime: 'now' } }), 'config.event'],
    [
      'a tick of no day',
      () => ({ ...good, tick: { scheduledTime: '2030-02-40T00:00:00Z' } }),
      'config.event',
    ],
    ['a tick that is a number', () => ({ ...good, tick: { scheduledTime: 0 } }), 'config.event'],
    [
      'ten thousand keys',
      () => Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`k${index}`, 1])),
      'config.event',
    ],
  ])('%s', async (_what, event, code) => {
    const before = lambda.output().length;
    const invoked = await lambda.invoke(event(), install(order));
    expect(invoked).toMatchObject({ name: 'ConfigFault', code });
    expect([requests, connections]).toEqual([[], []]);
    const written = () => lambda.output().slice(before);
    await expect.poll(written).toContain(`"code":"${code}"`);
    expect(written()).not.toContain('CloudWatchMetrics');
    expect(Buffer.byteLength(JSON.stringify(invoked))).toBeLessThan(64_000);
  });
});

test('a function without its targets sweeps nothing', async () => {
  for (const installed of [undefined, null, {}, [], () => undefined, { targets: { orders: order } }])
    expect(await lambda.invoke(good, installed)).toMatchObject({ code: 'config.environment' });
  expect([requests, connections]).toEqual([[], []]);
});

test.each([
  ['the name alone', () => good],
  ['a wish for a dry run', () => ({ ...good, mode: 'dry-run' })],
  [
    'a tick of just now',
    () => ({ ...good, tick: { scheduledTime: at(-1_000), executionId: 'e', attempt: '1' } }),
  ],
  ['a tick within two periods', () => ({ ...good, tick: { scheduledTime: at(-590_000) } })],
])('an installed target is swept by %s, with its own secret and server', async (_what, event) => {
  expect(await lambda.invoke(event(), install(order))).toMatchObject({
    code: expect.stringMatching(/^connect\./) as unknown,
  });
  expect(requests.filter((action) => action.endsWith('GetSecretValue'))).toHaveLength(1);
  expect(connections).toHaveLength(1);
  expect(lambda.output()).not.toContain(password);
});

test('what is installed in another mode is what counts, and an event can only ask for less', async () => {
  const enforced = install({ ...order, target: { ...target(), mode: 'enforce' } });
  const modeOf = async (event: object) => {
    const before = lambda.output().length;
    await lambda.invoke(event, enforced);
    const mode = () => /"mode":"([a-z-]+)"/.exec(lambda.output().slice(before))?.[1];
    await expect.poll(mode).toBeDefined(); // output and answer come on two ways
    return mode();
  };
  expect([await modeOf(good), await modeOf({ ...good, mode: 'dry-run' })]).toEqual(['enforce', 'dry-run']);
});
