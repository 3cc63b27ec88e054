import { ArnFormat, Stack } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { ConfigurationError } from '../settings/configuration-error.ts';

/** What a function needs to read one target's login. */
export interface TargetLogin {
  readonly secret: string | ISecret;
  /** The ARN of the key, if the secret is not under the one that AWS keeps for Secrets Manager. */
  readonly secretKey: string | IKey | null;
}

/** Lets a function read the secrets of its targets, and decrypt with their keys through Secrets Manager only. */
export function grantLogins(role: Role, logins: readonly TargetLogin[]): void {
  const stack = Stack.of(role);
  const resources = distinct(logins.map(({ secret }) => toSecretArn(stack, secret)));
  const keys = distinct(logins.map(toKeyArn).filter((key) => key !== null));
  const regions = distinct([stack.region, ...keys.flatMap(regionOf)]);
  const services = regions.map((region) => `secretsmanager.${region}.${stack.urlSuffix}`);
  const conditions = {
    StringEquals: { 'kms:ViaService': services.length === 1 ? services[0] : services },
  };
  attach(role, [
    ...packed(resources).map(
      (some) => new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: some }),
    ),
    ...packed(keys).map(
      (some) => new PolicyStatement({ actions: ['kms:Decrypt'], resources: some, conditions }),
    ),
  ]);
}

/** A key is used in its own Region, where its secret is; that of a construct is the stack's, or known to CloudFormation only. */
function regionOf(keyArn: string): readonly string[] {
  const [, region] = /^arn:[\w-]+:kms:([a-z0-9-]+):/.exec(keyArn) ?? [];
  return region === undefined ? [] : [region];
}

/** A few statements into the role's own policy; many fill a managed policy each, since IAM bounds what stands in the role. */
function attach(role: Role, statements: readonly PolicyStatement[]): void {
  if (statements.length > mostPolicies)
    throw new ConfigurationError([
      `targets: their secrets and keys fill ${statements.length} policies, expected at most ${mostPolicies}, which is all that IAM attaches to a ` +
        'role. Give secrets shorter names, put targets into several networks, or split the file in two and deploy each: ' +
        'npx cdk deploy -c config=FILE -c stack=NAME',
    ]);
  if (statements.length <= mostInRole)
    for (const statement of statements) role.addToPrincipalPolicy(statement);
  else
    statements.forEach(
      (statement, index) =>
        new ManagedPolicy(role, `Logins${index + 1}`, {
          description: 'unleak: the logins of its targets',
          statements: [statement],
          roles: [role],
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
  if (secretKey !== null) return typeof secretKey === 'string' ? secretKey : secretKey.keyArn;
  return typeof secret === 'string' ? null : (secret.encryptionKey?.keyArn ?? null);
}

/* IAM reads 6,144 characters of a managed policy, 10,240 of all that stands in a role, and attaches ten policies to a role. */
const mostCharacters = 5_600;
const mostPolicies = 10;
const mostInRole = 1;

/* As long as what CloudFormation puts in for a partition, a Region, an account, or the whole ARN of a construct in code. */
const charactersOfToken = 80;

/** ARNs in runs that each fit into a policy. */
function packed(arns: readonly string[]): string[][] {
  const runs: string[][] = [];
  let left = 0;
  for (const arn of arns) {
    const size =
      arn.replace(/\$\{Token\[(AWS\.\w+)?[^\]]*\]\}/g, (_, known?: string) => fill(known)).length + 3;
    const last = runs.at(-1);
    if (last && size <= left) last.push(arn);
    else runs.push([arn]);
    left = (last && size <= left ? left : mostCharacters) - size;
  }
  return runs;
}

function fill(known: string | undefined): string {
  const lengths: Record<string, number> = { 'AWS.Partition': 10, 'AWS.Region': 14, 'AWS.AccountId': 12 };
  return 'x'.repeat(lengths[known ?? ''] ?? charactersOfToken);
}

function distinct(items: readonly string[]): string[] {
  return [...new Set(items)];
}
