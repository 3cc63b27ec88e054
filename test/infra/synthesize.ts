import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { Installation } from '../../functions/contract/installation.ts';
import { Unleak, type UnleakProps } from '../../infra/constructs/unleak.ts';
import { readConfigurationFile } from '../../infra/settings/read-configuration-file.ts';
import type { UnleakConfig } from '../../infra/settings/unleak-config.ts';

// Without a place of their own, apps leave a folder each.
const outdirs: string[] = [];
afterAll(() => {
  for (const outdir of outdirs) rmSync(outdir, { recursive: true, force: true });
});

function newOutdir(): string {
  const outdir = mkdtempSync(join(tmpdir(), 'unleak-cdk-'));
  outdirs.push(outdir);
  return outdir;
}

/** A target of tests; its name makes its secret. */
export function aTarget(name: string, more: Partial<UnleakConfig['targets'][number]> = {}) {
  return {
    name,
    engine: 'postgres' as const,
    host: `${name}.example.internal`,
    secret: `prod/${name}/unleak`,
    policy: 'web',
    schedule: 'rate(5 minutes)',
    ...more,
  };
}

/** A configuration of tests, with the policy of the example file. */
export function aConfig(targets: UnleakConfig['targets'], more: Partial<UnleakConfig> = {}): UnleakConfig {
  return { policies: readConfigurationFile('unleak.yaml').policies, targets, ...more };
}

/** So many targets of one kind. */
export function manyTargets(count: number): UnleakConfig['targets'] {
  return Array.from({ length: count }, (_, index) => aTarget(`orders-${index + 1}`));
}

/** An app with the flags of cdk.json; the functions are not bundled, since no template depends on what is in them. */
export function anApp(): App {
  const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as { context: Record<string, unknown> };
  process.env['CDK_VALIDATION'] = 'false'; // app.test.ts has it on
  return new App({ outdir: newOutdir(), context: { ...context, 'aws:cdk:bundling-stacks': [] } });
}

/** A stack with unleak in it. */
export function aStack(config: UnleakConfig, props: Partial<UnleakProps> = {}) {
  const stack = new Stack(anApp(), 'unleak', { analyticsReporting: false });
  return { stack, unleak: new Unleak(stack, 'Unleak', { config, ...props }) };
}

/** The template of a configuration. */
export function synthesize(config: UnleakConfig, props: Partial<UnleakProps> = {}): Template {
  return Template.fromStack(aStack(config, props).stack);
}

/** The properties of the only resource of a type. */
export function only(template: Template, type: string): Record<string, unknown> {
  const [found, ...others] = propertiesOf(template, type);
  if (found === undefined || others.length > 0) throw new Error(`not one ${type}`);
  return found;
}

/** The properties of all resources of a type, those of the watch apart: it has a function and a schedule of its own. */
export function propertiesOf(template: Template, type: string): Record<string, unknown>[] {
  return propertiesWhere(template, type, (id) => !isOfWatch(id));
}

/** The properties of what belongs to the watch. */
export function ofWatch(template: Template, type: string): Record<string, unknown>[] {
  return propertiesWhere(template, type, isOfWatch);
}

function isOfWatch(id: string): boolean {
  return /Watch(?!ed)/.test(id) && !id.includes('Alarms');
}

function propertiesWhere(template: Template, type: string, isWanted: (id: string) => boolean) {
  const found = template.findResources(type) as Record<string, { Properties: Record<string, unknown> }>;
  return Object.entries(found).flatMap(([id, { Properties }]) => (isWanted(id) ? [Properties] : []));
}

/** The lines of a function as text, with `…` where only CloudFormation knows. */
export function linesOf(properties: object): string {
  const { ZipFile } = (properties as { Code: { ZipFile: unknown } }).Code;
  if (typeof ZipFile === 'string') return ZipFile;
  const parts = (ZipFile as { 'Fn::Join': [string, unknown[]] })['Fn::Join'][1];
  return parts.map((part) => (typeof part === 'string' ? part : '…')).join('');
}

/** What a function is told of its targets. */
export function installedIn(properties: object): Installation {
  const [, json = ''] = /^const installed = (.*);$/m.exec(linesOf(properties)) ?? [];
  return JSON.parse(json) as Installation;
}

/** A schedule's input as the function gets it: Scheduler puts its context attributes in. */
export function asDelivered(input: string, scheduledTime = '2030-01-01T00:00:00Z'): unknown {
  const delivered = input
    .replace('<aws.scheduler.scheduled-time>', scheduledTime)
    .replace('<aws.scheduler.execution-id>', '12345678-90ab-cdef-1234-567890abcdef')
    .replace('<aws.scheduler.attempt-number>', '1');
  return JSON.parse(delivered);
}

/** Every statement of the policies of the roles that a service assumes, that of the watch apart. */
export function statementsOf(template: Template, service: string): Record<string, unknown>[] {
  const roles = template.findResources('AWS::IAM::Role', {
    Properties: {
      AssumeRolePolicyDocument: { Statement: [Match.objectLike({ Principal: { Service: service } })] },
    },
  });
  const policies = Object.values({
    ...template.findResources('AWS::IAM::Policy'),
    ...template.findResources('AWS::IAM::ManagedPolicy'),
  }) as Policy[];
  return policies
    .filter(({ Properties: { Roles } }) => Roles.some(({ Ref }) => Ref in roles && !isOfWatch(Ref)))
    .flatMap(({ Properties: { PolicyDocument } }) => PolicyDocument.Statement);
}

interface Policy {
  readonly Properties: {
    readonly Roles: readonly { readonly Ref: string }[];
    readonly PolicyDocument: { readonly Statement: Record<string, unknown>[] };
  };
}
