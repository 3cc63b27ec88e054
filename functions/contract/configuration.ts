import * as z from 'zod';
import { nameSchema } from './name.ts';
import { policySchema } from './policy.ts';
import { defaultNotifySettings, notifyShape, toNotifySettings } from './event.ts';
import { durationSchema } from './duration-schema.ts';
import { metrics } from './metrics.ts';
import { type Parsed, parseWith } from './problems.ts';
import { percentageSchema } from './percentage.ts';
import { evenIfBroken, strictObject } from './strict-object.ts';
import { subscriptionSchema } from './subscription.ts';
import { readSchedule, schedulesExpected } from './schedule/read-schedule.ts';
import { engineNames, targetShape, toTarget, unanswerable } from './target.ts';
import { expectedTls } from './tls.ts';

/* The whole of unleak.yaml. Cross references are checked also when other parts are broken, so that one run tells all. */

const emailExpected = 'an e-mail address';
const email = z
  .string({ error: emailExpected })
  .regex(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, { error: emailExpected });
const zoneExpected = 'a time zone such as Europe/Berlin';
const timezone = z.string({ error: zoneExpected }).refine(isTimeZone, { error: zoneExpected });

const schedule = z
  .string({ error: schedulesExpected })
  .regex(/^(?:rate\([1-9]\d{0,5} (?:minutes?|hours?|days?)\)|cron\(.*\))$/, {
    error: schedulesExpected,
    abort: true,
  })
  .superRefine((text, context) => {
    const read = readSchedule(text);
    if (!read.ok) context.addIssue({ code: 'custom', message: read.expected });
  });

const keyExpected = 'the ARN of a KMS key';
const keyArn = z
  .string({ error: keyExpected })
  .regex(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]{1,64}$/, { error: keyExpected });
const topicExpected = 'the ARN of an SNS topic that is not FIFO';
const topicArn = z
  .string({ error: topicExpected })
  .regex(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/, { error: topicExpected });

function idExpected(what: string, prefix: string) {
  const expected = `the id of ${what}, such as ${prefix}-0123456789abcdef0`;
  return z
    .string({ error: expected })
    .regex(new RegExp(`^${prefix}-(?:[0-9a-f]{8}|[0-9a-f]{17})$`), { error: expected });
}

function areDistinct(values: readonly string[]): boolean {
  return new Set(values).size === values.length;
}

const network = strictObject({
  vpcId: idExpected('a VPC', 'vpc'),
  subnetIds: z
    .array(idExpected('a subnet', 'subnet'))
    .min(1, { error: 'at least one subnet' })
    .max(16, { error: 'at most 16 subnets' })
    .refine(areDistinct, { error: 'each only once' }),
  securityGroupIds: z
    .array(idExpected('a security group', 'sg'))
    .max(5, { error: 'at most 5 security groups' })
    .refine(areDistinct, { error: 'each only once' })
    .optional(),
  databaseSecurityGroupIds: z
    .array(idExpected('a security group', 'sg'))
    .max(5, { error: 'at most 5 security groups' })
    .refine(areDistinct, { error: 'each only once' })
    .optional(),
  routeTableIds: z
    .array(idExpected('a route table', 'rtb'))
    .max(16, { error: 'at most 16 route tables' })
    .refine(areDistinct, { error: 'each only once' })
    .meta({ description: 'With endpoints: create, where the S3 gateway endpoint is entered.' })
    .optional(),
  endpoints: z
    .enum(['create', 'existing'], { error: 'create or existing' })
    .meta({
      description:
        'How the functions reach AWS: create makes endpoints, existing says that there is a NAT gateway or endpoints already.',
    })
    .optional(),
});

const notify = strictObject({
  ...notifyShape,
  emails: z
    .array(email, { error: 'a list of e-mail addresses' })
    .max(100, { error: 'at most 100 addresses' })
    .refine(areDistinct, { error: 'each only once' })
    .optional(),
  subscriptions: z
    .array(subscriptionSchema, { error: 'a list of subscriptions' })
    .max(100, { error: 'at most 100 subscriptions' })
    .meta({ description: 'Other subscribers than e-mail, and subscribers to some severities only.' })
    .optional(),
  topic: topicArn.meta({ description: 'A topic that exists; without it, one is made.' }).optional(),
  topicKey: keyArn.meta({ description: 'The KMS key of that topic, if it has one of its own.' }).optional(),
});

const alarms = strictObject({
  utilization: percentageSchema
    .meta({
      description:
        'Subscribers are notified while so much of the slots for ordinary logins is taken; 80% by default.',
    })
    .optional(),
});

const metricNames = Object.values(metrics.names);
const metricExpected = `one of: ${metricNames.join(' | ')}`;
const metricsSection = strictObject({
  perTarget: z
    .array(z.enum(metricNames, { error: metricExpected }), { error: 'a list of metrics' })
    .refine(areDistinct, { error: 'each only once' })
    .meta({
      description:
        'Metrics that each target has of its own, beside those of the installation; each costs 0.30 dollars a month for each target. None by default.',
    })
    .optional(),
});

/** For how many days recorded sweeps are kept where the file does not say. */
export const defaultKeepDays = 35;
const dayMs = 86_400_000;

const history = strictObject({
  keep: durationSchema(dayMs)
    .meta({
      description: `How long recorded sweeps are kept, in whole days; ${defaultKeepDays}d by default.`,
    })
    .optional(),
});

const target = strictObject({
  ...targetShape,
  secretKey: keyArn
    .meta({ description: 'The KMS key that encrypts the secret, if it is not the one AWS keeps for it.' })
    .optional(),
  network: nameSchema.optional(),
  databaseSecurityGroups: z
    .array(idExpected('a security group', 'sg'))
    .max(5, { error: 'at most 5 security groups' })
    .refine(areDistinct, { error: 'each only once' })
    .meta({ description: 'Security groups of this database alone: they let its function in on its port.' })
    .optional(),
  policy: nameSchema,
  schedule,
  timezone: timezone.optional(),
});

const configurationShape = strictObject({
  notify: notify.optional(),
  alarms: alarms.optional(),
  history: history.optional(),
  metrics: metricsSection.optional(),
  tracing: z
    .boolean({ error: 'true or false' })
    .meta({ description: 'Traces each sweep with AWS X-Ray; false by default.' })
    .optional(),
  networks: z.record(nameSchema, network).optional(),
  policies: z.record(nameSchema, policySchema),
  targets: z.array(target, { error: 'a list of targets' }).min(1, { error: 'at least one target' }),
});

/** The schema of unleak.yaml; what it accepts as input is the JSON Schema that editors get. */
export const configurationSchema = configurationShape
  .superRefine(crossCheck, evenIfBroken)
  .transform((file) => ({
    notify: {
      notifySettings: toNotifySettings(file.notify ?? {}),
      emails: file.notify?.emails ?? [],
      subscriptions: file.notify?.subscriptions ?? [],
      topic: file.notify?.topic ?? null,
      topicKey: file.notify?.topicKey ?? null,
    },
    history: { keepDays: Math.ceil((file.history?.keep ?? defaultKeepDays * dayMs) / dayMs) },
    alarms: { utilization: file.alarms?.utilization ?? defaultNotifySettings.nearlyFull },
    metrics: { perTarget: file.metrics?.perTarget ?? [] },
    tracing: file.tracing ?? false,
    networks: file.networks ?? {},
    policies: file.policies,
    targets: file.targets.map((entry) => ({
      ...toTarget(entry),
      secretKey: entry.secretKey ?? null,
      network: entry.network ?? null,
      policy: entry.policy,
      schedule: entry.schedule,
      timezone: entry.timezone ?? null,
    })),
  }));

/** unleak.yaml, read: every name it refers to exists, and no engine is asked what it cannot answer. */
export type Configuration = z.output<typeof configurationSchema>;

/** unleak.yaml as people write it. */
export type ConfigurationInput = z.input<typeof configurationSchema>;

/** Whether data is a configuration as people write it: schedules carry policies in these words. */
export function isConfigurationInput(data: unknown): data is ConfigurationInput {
  return configurationSchema.safeParse(data).success;
}

/** Reads the data of an unleak.yaml, with every mistake in it. */
export function parseConfiguration(input: unknown): Parsed<Configuration> {
  return parseWith(configurationSchema, input);
}

/** Parts of a file that may be broken elsewhere. */
interface Loose {
  readonly networks?: unknown;
  readonly policies?: unknown;
  readonly targets?: unknown;
}

function crossCheck(file: Loose, context: z.RefinementCtx): void {
  if (!Array.isArray(file.targets)) return;
  const names = new Map<unknown, number>();
  (file.targets as unknown[]).forEach((entry, index) => {
    if (!isRecord(entry)) return;
    const refuse = (key: string, message: string) =>
      context.addIssue({ code: 'custom', path: ['targets', index, key], message });
    if (names.has(entry['name'])) refuse('name', 'a name no other target has');
    names.set(entry['name'], index);
    checkReference(entry['policy'], file.policies, 'policies', (message) => refuse('policy', message));
    checkReference(entry['network'], file.networks ?? {}, 'networks', (message) =>
      refuse('network', message),
    );
    const tls = expectedTls(entry['host'], entry['tls']);
    if (tls !== null) refuse('tls', tls);
    checkEngine(entry, file.policies, context);
  });
}

function checkReference(
  name: unknown,
  section: unknown,
  title: string,
  refuse: (message: string) => void,
): void {
  if (typeof name !== 'string' || !isRecord(section) || Object.hasOwn(section, name)) return;
  const known = Object.keys(section);
  refuse(known.length > 0 ? `one of the ${title}: ${known.join(' | ')}` : `${title} to be in the file`);
}

function checkEngine(target: Record<string, unknown>, policies: unknown, context: z.RefinementCtx): void {
  const name = target['policy'];
  const policy = isRecord(policies) && typeof name === 'string' ? policies[name] : undefined;
  const engine = engineNames.find((each) => each === target['engine']);
  for (const { path, expected } of engine ? unanswerable(engine, policy) : []) {
    const message = `${expected} (the target ${String(target['name'])} uses this policy)`;
    context.addIssue({ code: 'custom', path: ['policies', String(name), ...path], message });
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false; // the schema says what was expected
  }
}
