import { S3Client } from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { clientSettings } from '../../functions/aws/client-settings.ts';
import { createObjectStore } from '../../functions/aws/object-store.ts';
import { faultOf } from './expect-fault.ts';
import { clientAt } from './moto.ts';
import { answering, nobody, type StubEndpoint } from './stub-endpoint.ts';

const never = new AbortController().signal;
function historyAt({ url }: StubEndpoint) {
  return createObjectStore('history', '', new S3Client({ ...clientSettings(), ...clientAt(url) }));
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
    const reading = await faultOf(historyAt(endpoint).get('orders', 1_000, never));
    expect(reading).toMatchObject({ kind: 'Publish', code: 'publish.history', step: 'record', actor: 'aws' });
    expect(reading.message).toContain(says);
    expect(endpoint.requests()).toBe(requests);
    const writing = await faultOf(historyAt(endpoint).put('orders', new Uint8Array(3), null, never));
    expect(writing.message).toMatch(/could not be written.*twice/);
  });

  test('where nothing listens, a VPC endpoint is suggested', async () => {
    const fault = await faultOf(historyAt(await nobody()).get('orders', 1_000, never));
    expect(fault.message).toContain('VPC endpoint');
  });
});
