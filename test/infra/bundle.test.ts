import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { Client } from 'pg';
import { gunzipSync } from 'node:zlib';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { watchKey } from '../../functions/contract/history-keys.ts';
import { metrics } from '../../functions/contract/metrics.ts';
import { quietSweep } from '../../infra/cost/quiet-sweep.ts';
import { clientAt, isMotoHere, type Moto, startMoto, withMoto } from '../aws/moto.ts';
import { until } from '../engines/contract/sessions.ts';
import { type Admin, openAdmin, unique } from '../engines/postgres/admin.ts';
import { createStack, describeStack, getFunction } from './lambda/emulated-account.ts';
import { type Invocation, invokeBundle } from './lambda/invoke-bundle.ts';
import { findNode24 } from './lambda/node-24.ts';
import { resourcesOf, synthApp } from './synth-app.ts';
import { sweepAlone } from '../servers/sweep-alone.ts';
import { asDelivered, linesOf } from './synthesize.ts';

const server = inject('servers').find(({ id }) => id === 'postgres18');
const canRun = isMotoHere && server !== undefined;
const title = withMoto('the stack, created by CloudFormation of an emulator, and its function’s bundle');

describe.runIf(canRun)(title, () => {
  const node = findNode24();
  const folder = mkdtempSync(join(tmpdir(), 'unleak-bundle-'));
  const login = { username: unique('unleak'), password: unique('password') };
  const shop = { user: unique('shop'), password: unique('password') };
  const leaks: Client[] = [];
  let moto: Moto;
  let admin: Admin;
  let assembly: string;
  let resources: { readonly type: string; readonly id: string }[];
  let queue: string;
  let environment: Record<string, string>;

  const idOf = (type: string) => resources.find((resource) => resource.type === type)?.id ?? `no ${type}`;
  const at = () => clientAt(moto.endpoint);
  const leaked = async () =>
    Number(await admin.value(`select count(*) from pg_stat_activity where usename = '${shop.user}'`));
  const invoke = (event = deliveredBy(assembly)) =>
    invokeBundle(node.path, functionOf(assembly), event, environment);

  let letOthersSweep: () => Promise<void>;

  beforeAll(async () => {
    if (server === undefined) return;
    letOthersSweep = await sweepAlone(server);
    [moto, admin] = await Promise.all([startMoto(), openAdmin(server)]);
    const synthesized = synthApp(folder, 'account', fileFor(server, shop.user, login.username));
    expect(synthesized.lines).toEqual([expect.stringContaining('Bundling asset')]);
    assembly = synthesized.outdir;
    await createStack(moto.endpoint, assembly);
    const stack = await describeStack(moto.endpoint);
    expect(stack.status).toBe('CREATE_COMPLETE');
    resources = stack.resources;
    const { Environment } = await getFunction(moto.endpoint, idOf('AWS::Lambda::Function'));
    environment = { ...Environment.Variables, ...credentialsFor(moto.endpoint) };
    await new SecretsManagerClient(at()).send(
      new CreateSecretCommand({ Name: login.username, SecretString: JSON.stringify(login) }),
    );
    queue = await subscribe(at(), idOf('AWS::SNS::Topic'));
    await admin.execute(`create role ${shop.user} login password '${shop.password}'`);
    await admin.execute(`create role ${login.username} login password '${login.password}'`);
    await admin.execute(`grant pg_monitor, pg_signal_backend to ${login.username}`);
  });

  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await Promise.all([...leaks.map((client) => client.end()), admin.close(), moto.stop(), letOthersSweep()]);
  });

  async function leak(count: number): Promise<void> {
    const { host, port } = server ?? { host: '', port: 0 };
    for (let index = 0; index < count; index += 1) {
      const client = new Client({ host, port, ...shop, database: 'postgres', ssl: false });
      client.on('error', () => undefined);
      await client.connect();
      leaks.push(client);
    }
    const oldEnough = `select count(*) >= ${count} from pg_stat_activity
      where usename = '${shop.user}' and state = 'idle' and state_change < clock_timestamp() - interval '1 second'`;
    await until(() => admin.isTrue(oldEnough), 'the sessions are idle for a second');
  }

  test('the emulator has what it knows of the stack', () => {
    expect([
      idOf('AWS::Lambda::Function'),
      idOf('AWS::S3::Bucket'),
      idOf('AWS::SNS::Topic'),
    ]).not.toContainEqual(expect.stringMatching(/^no /));
  });

  test(`a leaking database is cleaned and told about, on ${node.says}`, async () => {
    await leak(5);
    const sweep = await invoke();
    expect(sweep.error).toBeUndefined();
    expect(sweep.outcome).toBe('ended');
    expect(await leaked()).toBe(0);
    const messages = await receive(at(), queue);
    expect(messages).toEqual([expect.stringMatching(/ended 5 leaked sessions/)]);
    const history = new GetObjectCommand({
      Bucket: idOf('AWS::S3::Bucket'),
      Key: 'state/target=orders/history.json.gz',
    });
    const { Body } = await new S3Client(at()).send(history);
    const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
    expect(JSON.parse(gunzipSync(bytes).toString())).toMatchObject({ notification: { outcome: 'ended' } });
    expectMetrics(sweep);
    expectNoMysql(sweep, layerOf(assembly));
    console.info(
      `bundle on ${sweep.node}: loaded in ${sweep.loadMs.toFixed(0)} ms, swept in ${sweep.sweepMs.toFixed(0)} ms, ${sweep.megabytes.toFixed(0)} MB`,
    );
  });

  test('a quiet sweep logs one line, of no more bytes than its price counts', async () => {
    const sweep = await invoke();
    expect(sweep.outcome).toBe('quiet');
    expect(sweep.log).toMatchObject([{ outcome: 'quiet', target: 'orders' }]);
    expect(JSON.stringify(sweep.log[0]).length + 26).toBeLessThanOrEqual(quietSweep.logBytes);
  });

  test('the watch sees the sweeps by their traces in the bucket, and says nothing', async () => {
    const found = await invokeBundle(node.path, functionOf(assembly, 'Watch'), {}, environment);
    expect(found).toMatchObject({ outcome: [], log: [] });
    const state = new GetObjectCommand({ Bucket: idOf('AWS::S3::Bucket'), Key: watchKey });
    const { Body } = await new S3Client(at()).send(state);
    const text = gunzipSync((await Body?.transformToByteArray()) ?? '').toString();
    expect(JSON.parse(text)).toMatchObject({ known: ['orders'], notified: {}, isStopped: false });
  });

  test('a login that may no longer log in ends nothing: the way to stop from the database', async () => {
    await leak(2);
    await admin.execute(`alter role ${login.username} nologin`);
    const sweep = await invoke();
    await admin.execute(`alter role ${login.username} login`);
    expect(sweep.error).toMatchObject({ name: 'CredentialsFault', code: 'credentials.login_refused' });
    expect(await leaked()).toBe(2);
  });

  test('a role without its right to signal ends nothing either', async () => {
    await leak(1);
    await admin.execute(`revoke pg_signal_backend from ${login.username}`);
    const before = await leaked();
    const sweep = await invoke();
    await admin.execute(`grant pg_signal_backend to ${login.username}`);
    expect(sweep.outcome).toBe('incomplete');
    expect(await leaked()).toBe(before);
  });

  test('an event of another release is refused', async () => {
    const sweep = await invoke({ ...(deliveredBy(assembly) as object), version: 1 });
    expect(sweep.error).toMatchObject({ code: 'config.event' });
  });

  test('an event for another server is refused, and its secret is not read', async () => {
    const event = { ...(deliveredBy(assembly) as object), host: 'attacker.example.com' };
    const sweep = await invoke(event);
    expect(sweep.error).toMatchObject({ code: 'config.event' });
    expect(sweep.log.filter((line) => '_aws' in line)).toEqual([]);
  });
});

function fileFor({ port }: { port: number }, user: string, secret: string): string {
  return `
policies:
  test: { rules: [{ name: leaked, state: idle, for: 1s, match: { user: [${user}] } }], caps: { share: 100% } }
targets:
  - { name: orders, engine: postgres, host: 127.0.0.1, port: ${port}, database: postgres, tls: off, secret: ${secret},
      policy: test, schedule: rate(5 minutes), mode: enforce }
`;
}

/** The layer's files. */
function layerOf(assembly: string): string {
  const name = readdirSync(assembly).find((file) => file.startsWith('asset.'));
  return join(assembly, name ?? 'no asset', 'unleak');
}

/** The function's own lines in a folder, as CloudFormation makes them, with the layer where the test has it. */
function functionOf(assembly: string, of = 'Fleet'): string {
  const folder = join(assembly, `function-${of}`);
  mkdirSync(folder, { recursive: true });
  const all = Object.entries(resourcesOf(assembly));
  const found = all.find(
    ([id, { Type }]) => Type === 'AWS::Lambda::Function' && id.startsWith(`Unleak${of}`),
  );
  const lines = linesOf(found?.[1].Properties ?? {}).replace('/opt/unleak', layerOf(assembly));
  writeFileSync(join(folder, 'index.js'), lines);
  return folder;
}

function deliveredBy(assembly: string): unknown {
  const schedule = Object.values(resourcesOf(assembly)).find(
    ({ Type }) => Type === 'AWS::Scheduler::Schedule',
  );
  const { Input } = (schedule?.Properties as { Target: { Input: string } }).Target;
  return asDelivered(Input, new Date().toISOString());
}

function credentialsFor(endpoint: string): Record<string, string> {
  const { region, credentials } = clientAt(endpoint);
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  };
}

async function subscribe(at: ReturnType<typeof clientAt>, TopicArn: string): Promise<string> {
  const { QueueUrl = '' } = await new SQSClient(at).send(new CreateQueueCommand({ QueueName: 'reader' }));
  const Endpoint = `arn:aws:sqs:${at.region}:123456789012:reader`;
  await new SNSClient(at).send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint }));
  return QueueUrl;
}

async function receive(at: ReturnType<typeof clientAt>, QueueUrl: string): Promise<string[]> {
  const { Messages = [] } = await new SQSClient(at).send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
  );
  return Messages.map(({ Body = '' }) => (JSON.parse(Body) as { Subject: string }).Subject);
}

/** What the function emits is what the installation pays for, and the dashboard reads: namespace, names and the one dimension. */
function expectMetrics({ log }: Invocation): void {
  const emitted = log.filter((line) => '_aws' in line);
  expect(emitted).toHaveLength(1);
  const { CloudWatchMetrics } = emitted[0]?.['_aws'] as { CloudWatchMetrics: Emitted[] };
  expect(CloudWatchMetrics).toMatchObject([{ Namespace: 'unleak', Dimensions: [['installation']] }]);
  const names = CloudWatchMetrics[0]?.Metrics.map(({ Name }) => Name) ?? [];
  expect(names.sort()).toEqual(metrics.ofInstallation.map((key) => metrics.names[key]).sort());
}

interface Emitted {
  readonly Namespace: string;
  readonly Dimensions: readonly string[][];
  readonly Metrics: readonly { readonly Name: string }[];
}

/** A sweep of PostgreSQL never loads the file that holds the driver of MySQL. */
function expectNoMysql({ loaded, node }: Invocation, asset: string): void {
  if (node.startsWith('v20.')) return; // tells nobody what it loads
  const ofMysql = readdirSync(asset).filter(
    (name) => name.endsWith('.mjs') && readFileSync(join(asset, name), 'utf8').includes('authSwitchHandler'),
  );
  expect(ofMysql).not.toEqual([]);
  const files = loaded.filter((url) => url.startsWith('file:')).map((url) => basename(fileURLToPath(url)));
  expect(files).toContain('sweep.mjs');
  expect(files.filter((name) => ofMysql.includes(name))).toEqual([]);
}
