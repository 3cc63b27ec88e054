import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';

/** What a function needs to read one target's login. */
export interface TargetLogin {
  readonly secret: string | ISecret;
  /** The ARN of the key, if the secret is not under the one that AWS keeps for Secrets Manager. */
  readonly secretKey: string | null;
}

/** Lets a function read the secrets of its targets, and decrypt with their keys through Secrets Manager only. */
export function grantLogins(role: Role, logins: readonly TargetLogin[]): void {
  const stack = Stack.of(role);
  const resources = distinct(logins.map(({ secret }) => toSecretArn(stack, secret)));
  for (const some of chunksOf(resources, secretsPerStatement))
    role.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: some }),
    );
  const keys = distinct(logins.map(toKeyArn).filter((key) => key !== null));
  if (keys.length === 0) return;
  role.addToPrincipalPolicy(
    new PolicyStatement({
      actions: ['kms:Decrypt'],
      resources: keys,
      conditions: { StringEquals: { 'kms:ViaService': `secretsmanager.${stack.region}.${stack.urlSuffix}` } },
    }),
  );
}

/**
 * A secret's ARN ends with six characters that AWS adds. An ARN that has them is taken as it is; a name, or an ARN without them,
 * gets exactly six wildcards, so that no secret whose name only begins alike is read.
 */
function toSecretArn(stack: Stack, secret: string | ISecret): string {
  if (typeof secret !== 'string') return secret.secretFullArn ?? `${secret.secretArn}-??????`;
  if (/^arn:.*-[A-Za-z0-9]{6}$/.test(secret)) return secret;
  if (secret.startsWith('arn:')) return `${secret}-??????`;
  return stack.formatArn({
    service: 'secretsmanager',
    resource: 'secret',
    resourceName: `${secret}-??????`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

function toKeyArn({ secret, secretKey }: TargetLogin): string | null {
  return secretKey ?? (typeof secret === 'string' ? null : (secret.encryptionKey?.keyArn ?? null));
}

/* CDK moves statements that do not fit into one policy to further ones, but cannot divide a statement. */
const secretsPerStatement = 20;

function chunksOf<T>(items: readonly T[], size: number): T[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size));
}

function distinct(items: readonly string[]): string[] {
  return [...new Set(items)];
}
