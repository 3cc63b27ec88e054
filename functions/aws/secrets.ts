import {
  GetSecretValueCommand,
  SecretsManagerClient,
  SecretsManagerServiceException,
} from '@aws-sdk/client-secrets-manager';
import type { FaultCode } from '../contract/fault-codes.ts';
import { Fault } from '../core/model/fault.ts';
import type { Secrets } from './ports.ts';
import { awsErrorName, type AwsTrouble, toAwsTrouble } from './aws-error.ts';
import { clientSettings, regionOf } from './client-settings.ts';
import { onceFor } from './once-for.ts';
import { withinLimit } from './within-limit.ts';

/** One client for each Region: a secret is asked for in that of its ARN. */
const clientIn = onceFor((region) => new SecretsManagerClient(clientSettings(region)));

/** Secrets from Secrets Manager, fetched anew at every call: a warm function must not keep a rotated password (FACTS). */
export function createSecrets(given?: SecretsManagerClient): Secrets {
  return {
    async fetch(name, signal) {
      const text = await fetchText(given ?? clientIn(regionOf(name)), name, signal);
      if (text !== undefined) return text;
      throw fault(name, 'credentials.secret_malformed', 'it holds binary data, not text', undefined);
    },
  };
}

async function fetchText(client: SecretsManagerClient, name: string, signal: AbortSignal) {
  await requireRegion(client, name);
  try {
    const command = new GetSecretValueCommand({ SecretId: name });
    const answer = await withinLimit(signal, (options) => client.send(command, options));
    return answer.SecretString;
  } catch (error) {
    const trouble = toAwsTrouble(error);
    const [code, says] = explain(error, trouble);
    throw fault(name, code, says, mayQuoteSecret(error, trouble) ? undefined : error);
  }
}

/** Asked beforehand, since the SDK's error about it is a bare Error that only its wording tells from others. */
async function requireRegion(client: SecretsManagerClient, name: string): Promise<void> {
  try {
    await client.config.region();
  } catch (error) {
    const says =
      'no request was made, as no usable AWS Region is set; set AWS_REGION, or `region` in the AWS profile';
    throw fault(name, 'credentials.secret_failed', says, error);
  }
}

/** An answer that could not be read is quoted by the parser's error, and the answer is the secret. */
function mayQuoteSecret(error: unknown, trouble: AwsTrouble): boolean {
  return trouble === 'other' && !(error instanceof SecretsManagerServiceException);
}

function explain(error: unknown, trouble: AwsTrouble): readonly [code: FaultCode, says: string] {
  const name = awsErrorName(error);
  if (name === 'InvalidRequestException')
    return ['credentials.secret_deleted', 'it is scheduled for deletion'];
  if (name === 'DecryptionFailure')
    return ['credentials.secret_denied', 'its key does not let the function decrypt it'];
  if (name === 'CredentialsProviderError')
    return [
      'credentials.secret_denied',
      `no request was made, as the AWS SDK found no credentials (${name}); set AWS_PROFILE, or log in to AWS again`,
    ];
  switch (trouble) {
    case 'denied':
      return ['credentials.secret_denied', 'the function may not read or decrypt it'];
    case 'missing':
      return ['credentials.secret_missing', 'there is no such secret, or it has no current version'];
    case 'throttled':
      return [
        'credentials.secret_throttled',
        'Secrets Manager asked to slow down; the next sweep tries again',
      ];
    case 'unreachable':
      return [
        'credentials.secret_unreachable',
        'Secrets Manager did not answer; a function in a VPC needs a NAT or a VPC endpoint for it',
      ];
    case 'exhausted':
      return [
        'credentials.process_limit',
        'no request was made, as this process may open no more files or sockets, or has no memory left',
      ];
    case 'other':
      return ['credentials.secret_failed', `Secrets Manager answered ${name}`];
  }
}

function fault(secret: string, code: FaultCode, says: string, cause: unknown): Fault {
  return new Fault({
    code,
    step: 'secret',
    message: `Could not read the secret ${secret}: ${says}.`,
    cause,
  });
}
