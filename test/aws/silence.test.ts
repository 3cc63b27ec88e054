import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { expect, test } from 'vitest';
import { clientSettings } from '../../functions/aws/client-settings.ts';
import { createObjectStore } from '../../functions/aws/object-store.ts';
import { createNotifier } from '../../functions/aws/notifier.ts';
import { createSecrets } from '../../functions/aws/secrets.ts';
import { faultOf } from './expect-fault.ts';
import { clientAt } from './moto.ts';
import { serve, silent, type StubEndpoint } from './stub-endpoint.ts';

const codes = ['credentials.secret_unreachable', 'publish.unreachable', 'publish.history', 'publish.history'];

/** Each call that a sweep makes, to an endpoint that does not answer as it should. */
async function callAll({ url }: StubEndpoint, signal: AbortSignal) {
  const settings = { ...clientSettings(), ...clientAt(url) };
  const history = createObjectStore('history', '', new S3Client(settings));
  const topic = 'arn:aws:sns:us-east-1:123456789012:notices';
  const start = performance.now();
  const faults = await Promise.all([
    faultOf(createSecrets(new SecretsManagerClient(settings)).fetch('orders', signal)),
    faultOf(
      createNotifier(topic, new SNSClient(settings)).publish(
        { subject: 's', message: '{}', attributes: {} },
        signal,
      ),
    ),
    faultOf(history.get('orders', 2_000_000, signal)),
    faultOf(history.put('orders', new Uint8Array(3), null, signal)),
  ]);
  return { faults, tookMs: performance.now() - start };
}

test('an endpoint that takes connections and never answers is given up twice, after four seconds each', async () => {
  const endpoint = await silent();
  const { faults, tookMs } = await callAll(endpoint, new AbortController().signal);
  expect(faults.map(({ code }) => code)).toEqual(codes);
  expect(tookMs).toBeLessThan(15_000); // twice four, and what a busy machine adds
  expect(endpoint.requests()).toBe(2 * codes.length);
});

test('an answer that trickles in without end is given up as well', async () => {
  const endpoint = await serve((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000000' });
    const drip = setInterval(() => response.write(' '), 500);
    response.once('close', () => clearInterval(drip));
  });
  const { faults, tookMs } = await callAll(endpoint, new AbortController().signal);
  expect(faults.map(({ code }) => code)).toEqual(codes);
  expect(tookMs).toBeLessThan(15_000);
});

test('the end of the sweep ends each call at once', async () => {
  const { faults, tookMs } = await callAll(await silent(), AbortSignal.timeout(300));
  expect(faults.map(({ code }) => code)).toEqual(codes);
  expect(tookMs).toBeLessThan(3_900); // sooner than any call by itself
});

test('a sweep that is over makes no call at all', async () => {
  const endpoint = await silent();
  const { faults } = await callAll(endpoint, AbortSignal.abort());
  expect(faults.map(({ code }) => code)).toEqual(codes);
  expect(endpoint.requests()).toBe(0);
});
