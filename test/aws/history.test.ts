import { CreateBucketCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clientSettings } from '../../functions/aws/client-settings.ts';
import { createHistory } from '../../functions/aws/history.ts';
import type { NotificationState } from '../../functions/core/notify/notification-state.ts';
import { faultOf } from './expect-fault.ts';
import { clientAt, isMotoHere, type Moto, startMoto, withMoto } from './moto.ts';
import { answering, nobody, type StubEndpoint } from './stub-endpoint.ts';

const never = new AbortController().signal;
const news: NotificationState = {
  notificationKey: '["ended"]',
  notifiedAt: '2026-01-01T00:00:00.000Z',
  outcome: 'ended',
};

function historyAt({ url }: StubEndpoint) {
  return createHistory('history', new S3Client({ ...clientSettings(), ...clientAt(url) }));
}

describe('what S3 answers', () => {
  test.each([
    ['AccessDenied', 403, 'may not use it', 1],
    ['KMS.DisabledException', 400, 'KMS.DisabledException', 1],
    ['NoSuchBucket', 404, 'no such bucket', 1],
    ['SlowDown', 503, 'slow down', 2],
    ['InternalError', 500, 'InternalError', 2],
  ])('%s (%i) is a fault that says "%s", after %i requests', async (name, status, says, requests) => {
    const endpoint = await answering(
      status,
      `<?xml version="1.0"?><Error><Code>${name}</Code><Message>No.</Message></Error>`,
    );
    const reading = await faultOf(historyAt(endpoint).last('orders', never));
    expect(reading).toMatchObject({ kind: 'Publish', code: 'publish.history', step: 'record', actor: 'aws' });
    expect(reading.message).toContain(says);
    expect(endpoint.requests()).toBe(requests);
    const writing = await faultOf(historyAt(endpoint).remember('orders', news, never));
    expect(writing.message).toMatch(/could not be written.*twice/);
  });

  test('where nothing listens, a VPC endpoint is suggested', async () => {
    const fault = await faultOf(historyAt(await nobody()).last('orders', never));
    expect(fault.message).toContain('VPC endpoint');
  });
});

describe.skipIf(!isMotoHere)(withMoto('a bucket over HTTP'), () => {
  let moto: Moto;
  let client: S3Client;
  beforeAll(async () => {
    moto = await startMoto();
    client = new S3Client({ ...clientSettings(), ...clientAt(moto.endpoint) });
    await client.send(new CreateBucketCommand({ Bucket: 'history' }));
  });
  afterAll(() => moto.stop());

  test('remembers the last news of each target', async () => {
    const history = createHistory('history', client);
    await expect(history.last('orders', never)).resolves.toBeNull();
    await history.remember('orders', { ...news, notificationKey: 'older' }, never);
    await history.remember('orders', news, never);
    await expect(history.last('orders', never)).resolves.toEqual(news);
    await expect(history.last('payments', never)).resolves.toBeNull();
  });

  test.each(['../escape', 'a/b', 'an unknown target', '100%', '.'])(
    'keeps “%s” within its folder',
    async (target) => {
      const history = createHistory('history', client);
      await history.remember(target, news, never);
      await expect(history.last(target, never)).resolves.toEqual(news);
      const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: 'history' }));
      for (const { Key } of Contents) expect(Key).toMatch(/^news\/[^/]+\.json$/);
    },
  );

  test.each([
    ['not JSON', 'hello'],
    ['blank', ' '],
    ['of another shape', '{"newsKey":1}'],
    ['of an outcome that nobody knows', JSON.stringify({ ...news, outcome: 'retired' })],
  ])('an object that is %s is a fault, and the next write mends it', async (_how, Body) => {
    const history = createHistory('history', client);
    await client.send(new PutObjectCommand({ Bucket: 'history', Key: 'news/broken.json', Body }));
    const fault = await faultOf(history.last('broken', never));
    expect(fault.message).toContain('something else than unleak wrote');
    await history.remember('broken', news, never);
    await expect(history.last('broken', never)).resolves.toEqual(news);
  });

  test('a bucket that is gone', async () => {
    const fault = await faultOf(createHistory('gone', client).last('orders', never));
    expect(fault.message).toContain('no such bucket');
  });
});
