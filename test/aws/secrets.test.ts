import {
  CreateSecretCommand,
  DeleteSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { clientSettings } from '../../functions/aws/client-settings.ts';
import { createSecrets } from '../../functions/aws/secrets.ts';
import { expectNoTrace, faultOf } from './expect-fault.ts';
import { clientAt, isMotoHere, type Moto, startMoto, withMoto } from './moto.ts';
import { answering, nobody, type StubEndpoint } from './stub-endpoint.ts';

const never = new AbortController().signal;
const marker = 'p4ssw0rd-marker';

function openClient(url: string): SecretsManagerClient {
  return new SecretsManagerClient({ ...clientSettings(), ...clientAt(url) });
}

function fetchFrom({ url }: StubEndpoint): Promise<string> {
  return createSecrets(openClient(url)).fetch('prod/orders', never);
}

describe('what Secrets Manager answers', () => {
  test.each([
    ['AccessDeniedException', 400, 'secret_denied', 'operator', 1],
    ['UnrecognizedClientException', 400, 'secret_denied', 'operator', 1],
    ['ExpiredTokenException', 400, 'secret_denied', 'operator', 1],
    ['DecryptionFailure', 400, 'secret_denied', 'operator', 1],
    ['ANewKindOfRefusalException', 403, 'secret_denied', 'operator', 1],
    ['ResourceNotFoundException', 400, 'secret_missing', 'operator', 1],
    ['InvalidRequestException', 400, 'secret_deleted', 'operator', 1],
    ['ThrottlingException', 400, 'secret_throttled', 'aws', 2],
    ['TooManyRequestsException', 429, 'secret_throttled', 'aws', 2],
    ['ANewKindOfThrottling', 429, 'secret_throttled', 'aws', 2],
    ['InternalServiceError', 500, 'secret_failed', 'operator', 2],
    ['ServiceUnavailableException', 503, 'secret_failed', 'operator', 2],
  ])(
    '%s (%i) is credentials.%s, for the %s, after %i requests',
    async (type, status, code, actor, requests) => {
      const endpoint = await answering(status, JSON.stringify({ __type: type, message: 'No.' }));
      const fault = await faultOf(fetchFrom(endpoint));
      expect(fault).toMatchObject({
        kind: 'Credentials',
        code: `credentials.${code}`,
        step: 'secret',
        actor,
      });
      expect(endpoint.requests()).toBe(requests);
      expect(fault.message).toContain('prod/orders');
    },
  );

  test('a key that refuses is told as such, though AWS calls it access denied', async () => {
    const body = { __type: 'AccessDeniedException', Message: 'Access to KMS is not allowed' };
    const fault = await faultOf(fetchFrom(await answering(400, JSON.stringify(body))));
    expect(fault).toMatchObject({ code: 'credentials.secret_denied' });
    expect(fault.message).toContain('decrypt');
  });

  test('asked to come back in an hour, it does not wait for that', async () => {
    const body = JSON.stringify({ __type: 'ThrottlingException' });
    const endpoint = await answering(400, body, { 'retry-after': '3600' });
    const start = performance.now();
    await expect(faultOf(fetchFrom(endpoint))).resolves.toMatchObject({
      code: 'credentials.secret_throttled',
    });
    expect(performance.now() - start).toBeLessThan(60_000);
  });

  test('where nothing listens, a VPC endpoint is suggested', async () => {
    const fault = await faultOf(fetchFrom(await nobody()));
    expect(fault).toMatchObject({ code: 'credentials.secret_unreachable', actor: 'aws' });
    expect(fault.message).toContain('VPC endpoint');
  });

  test.each([
    ['cut off', `{"Name":"n","SecretString":"{\\"password\\":\\"${marker}`],
    ['not JSON', `${marker} is what a proxy made of it`],
    ['a page', `<html>${marker}</html>`],
  ])('an answer that is %s is quoted nowhere', async (_how, body) => {
    const fault = await faultOf(fetchFrom(await answering(200, body)));
    expect(fault.code).toBe('credentials.secret_failed');
    expectNoTrace(fault, marker);
  });
});

describe('on a machine that AWS was never set up on', () => {
  beforeEach(() => {
    const unset = [
      'AWS_REGION',
      'AWS_DEFAULT_REGION',
      'AWS_PROFILE',
      'AWS_ACCESS_KEY_ID',
      'AWS_SECRET_ACCESS_KEY',
    ];
    for (const name of unset) vi.stubEnv(name, undefined);
    for (const name of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) vi.stubEnv(name, '/dev/null');
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  });
  afterEach(() => void vi.unstubAllEnvs());
  const fetch = () => faultOf(createSecrets().fetch('prod/orders', never));

  test('without a Region, it says so', async () => {
    await expect(fetch()).resolves.toMatchObject({
      code: 'credentials.secret_failed',
      actor: 'operator',
      message: expect.stringContaining('no usable AWS Region is set; set AWS_REGION') as string,
    });
  });

  test('without credentials, it says so, and not that the function may not read the secret', async () => {
    vi.stubEnv('AWS_REGION', 'eu-central-1');
    await expect(fetch()).resolves.toMatchObject({
      code: 'credentials.secret_denied',
      actor: 'operator',
      message: expect.stringContaining('found no credentials (CredentialsProviderError)') as string,
    });
  });
});

describe.skipIf(!isMotoHere)(withMoto('secrets over HTTP'), () => {
  let moto: Moto;
  let client: SecretsManagerClient;
  beforeAll(async () => {
    moto = await startMoto();
    client = openClient(moto.endpoint);
  });
  afterAll(() => moto.stop());

  test.each([
    ['text', 'a-secret', JSON.stringify({ username: 'u', password: 'ü€𝄞' })],
    ['64 KiB', 'large', 'x'.repeat(65_536)],
  ])('%s comes as it was put', async (_what, Name, SecretString) => {
    await client.send(new CreateSecretCommand({ Name, SecretString }));
    await expect(createSecrets(client).fetch(Name, never)).resolves.toBe(SecretString);
  });

  test('a rotated secret is read anew', async () => {
    await client.send(new CreateSecretCommand({ Name: 'rotated', SecretString: 'before' }));
    const secrets = createSecrets(client);
    await expect(secrets.fetch('rotated', never)).resolves.toBe('before');
    await client.send(new PutSecretValueCommand({ SecretId: 'rotated', SecretString: 'after' }));
    await expect(secrets.fetch('rotated', never)).resolves.toBe('after');
  });

  test('by its ARN too', async () => {
    const { ARN = '' } = await client.send(new CreateSecretCommand({ Name: 'by/arn', SecretString: 'it' }));
    await expect(createSecrets(client).fetch(ARN, never)).resolves.toBe('it');
  });

  test('binary is not a secret that we can read', async () => {
    const SecretBinary = new TextEncoder().encode(marker);
    await client.send(new CreateSecretCommand({ Name: 'binary', SecretBinary }));
    const fault = await faultOf(createSecrets(client).fetch('binary', never));
    expect(fault.code).toBe('credentials.secret_malformed');
    expectNoTrace(fault, marker);
  });

  test('one that is missing, and one that is being deleted', async () => {
    await client.send(new CreateSecretCommand({ Name: 'going', SecretString: 'x' }));
    await client.send(new DeleteSecretCommand({ SecretId: 'going' }));
    const secrets = createSecrets(client);
    await expect(faultOf(secrets.fetch('never-made', never))).resolves.toMatchObject({
      code: 'credentials.secret_missing',
    });
    await expect(faultOf(secrets.fetch('going', never))).resolves.toMatchObject({
      code: 'credentials.secret_deleted',
    });
  });
});
