import type { Context } from 'aws-lambda';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type AwsEndpoint, startAwsEndpoint } from '../../bench/soak/aws-endpoint.ts';
import { install } from '../flow/install.ts';
import { nobody } from './stub-endpoint.ts';

/* A warm function whose AWS endpoint never closes a connection, as behind some proxies and VPC endpoints. */

let aws: AwsEndpoint;
beforeAll(async () => {
  aws = await startAwsEndpoint(() => JSON.stringify({ username: 'u', password: 'p', host: '127.0.0.1' }));
  for (const [name, value] of Object.entries(aws.env)) vi.stubEnv(name, value);
  for (const stream of [process.stdout, process.stderr]) vi.spyOn(stream, 'write').mockReturnValue(true);
});
afterAll(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  aws.stop();
});

test('no socket to AWS outlives an invocation, and every one fetches the secret anew', async () => {
  const { handler } = await import('../../functions/sweep.ts');
  const port = Number(new URL((await nobody()).url).port);
  const installed = install({
    target: { name: 'orders', engine: 'postgres', secret: 's', tls: 'off', host: '127.0.0.1', port },
    policy: { rules: [{ name: 'r', state: 'idle', for: '1h' }] },
  });
  const event = { version: 2, target: 'orders' };
  const context = { getRemainingTimeInMillis: () => 60_000 } as Context;
  for (let sweep = 1; sweep <= 5; sweep += 1) {
    await expect(handler(event, context, installed)).rejects.toMatchObject({ code: 'connect.refused' });
    expect(aws.calls.secrets).toBe(sweep);
    await expect.poll(() => aws.sockets()).toBe(0);
  }
  expect(aws.calls.sns).toBeGreaterThan(0);
  expect(aws.calls.s3).toBeGreaterThanOrEqual(5);
});
