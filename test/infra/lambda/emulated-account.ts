import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { clientAt } from '../../aws/moto.ts';

const { region, credentials } = clientAt('');
const account = '123456789012';

/* Calls of services whose SDK clients the project does not have; moto checks no signature, but takes the service from it. */
async function call(
  endpoint: string,
  service: string,
  path: string,
  headers: Record<string, string>,
  body: string,
) {
  const scope = `${credentials.accessKeyId}/20300101/${region}/${service}/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none`;
  const method = service === 's3' ? 'PUT' : 'POST';
  const answer = await fetch(`${endpoint}${path}`, { method, headers: { authorization, ...headers }, body });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${service} ${path} answered ${answer.status}: ${text.slice(0, 500)}`);
  return text;
}

/** A query to CloudFormation. */
async function cloudFormation(endpoint: string, parameters: Record<string, string>): Promise<string> {
  const form = new URLSearchParams({ Version: '2010-05-15', ...parameters });
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return call(endpoint, 'cloudformation', '/', headers, form.toString());
}

/** Creates the stack of a cloud assembly with CloudFormation, after what `cdk bootstrap` and `cdk deploy` do first. */
export async function createStack(endpoint: string, assembly: string): Promise<void> {
  const json = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AmazonSSM.PutParameter' };
  const version = { Name: '/cdk-bootstrap/hnb659fds/version', Value: '30', Type: 'String' };
  await call(endpoint, 'ssm', '/', json, JSON.stringify(version));
  const bucket = `/cdk-hnb659fds-assets-${account}-${region}`;
  await call(endpoint, 's3', bucket, {}, '');
  const template = readFileSync(join(assembly, 'unleak.template.json'), 'utf8');
  for (const [, key] of template.matchAll(/"([0-9a-f]{64}\.zip)"/g))
    await call(endpoint, 's3', `${bucket}/${key}`, {}, 'not run by the emulator');
  await cloudFormation(endpoint, {
    Action: 'CreateStack',
    StackName: 'unleak',
    TemplateBody: template,
    'Capabilities.member.1': 'CAPABILITY_IAM',
  });
}

/** The status of the stack, and its resources as type and physical id. */
export async function describeStack(endpoint: string) {
  const stack = await cloudFormation(endpoint, { Action: 'DescribeStacks', StackName: 'unleak' });
  const list = await cloudFormation(endpoint, { Action: 'DescribeStackResources', StackName: 'unleak' });
  const members = [...list.matchAll(/<member>(.*?)<\/member>/gs)].map(([, member = '']) => member);
  const part = (text: string, tag: string) => new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(text)?.[1] ?? '';
  return {
    status: part(stack, 'StackStatus'),
    resources: members.map((member) => ({
      type: part(member, 'ResourceType'),
      id: part(member, 'PhysicalResourceId'),
    })),
  };
}

const functionSchema = z.object({
  Runtime: z.string(),
  Handler: z.string(),
  Environment: z.object({ Variables: z.record(z.string(), z.string()) }),
});

/** The function as the emulator's Lambda has it, with the environment that CloudFormation resolved. */
export async function getFunction(endpoint: string, name: string) {
  const path = `/2015-03-31/functions/${encodeURIComponent(name)}/configuration`;
  const authorization = `AWS4-HMAC-SHA256 Credential=x/20300101/${region}/lambda/aws4_request, SignedHeaders=host, Signature=none`;
  const answer = await fetch(`${endpoint}${path}`, { headers: { authorization } });
  return functionSchema.parse(await answer.json());
}
