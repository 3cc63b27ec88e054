import * as z from 'zod';
import { type Parsed, parseWith } from './problems.ts';

/** The names of the environment variables that infra sets and the functions read. */
export const environmentNames = {
  topicArn: 'UNLEAK_TOPIC_ARN',
  historyBucket: 'UNLEAK_HISTORY_BUCKET',
  docsUrl: 'UNLEAK_DOCS_URL',
  dashboardUrl: 'UNLEAK_DASHBOARD_URL',
  logsUrl: 'UNLEAK_LOGS_URL',
  installation: 'UNLEAK_INSTALLATION',
  targetMetrics: 'UNLEAK_TARGET_METRICS',
} as const;

/** What a function needs to know that no event carries. */
export interface Environment {
  readonly topicArn: string;
  /** Where the last news of each target is kept; null: no memory, so the same news is told at every sweep. */
  readonly historyBucket: string | null;
  /** Addresses that notices point to: the folder of the docs, the dashboard, the log group. */
  readonly docsUrl: string | null;
  readonly dashboardUrl: string | null;
  readonly logsUrl: string | null;
  /** Tells the metrics of this installation from those of another in the account; null: the only one. */
  readonly installation: string | null;
  /** Names of metrics that each target has of its own. */
  readonly targetMetrics: readonly string[];
}

const topic = 'the ARN of an SNS topic';
const bucket = 'the name of an S3 bucket';
const webAddress = 'an https address';
const address = z
  .string({ error: webAddress })
  .regex(/^https:\/\/[\w.-]+(?::\d{1,5})?(?:[/?#]\S*)?$/, { error: webAddress });
const installationExpected = 'the name of an installation, 1 to 64 characters';
const metricsExpected = 'names of metrics, with commas';
/** What each variable may be; infra checks with it what it sets. */
export const environmentShape = {
  [environmentNames.topicArn]: z
    .string({ error: topic })
    .regex(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}(\.fifo)?$/, { error: topic }),
  [environmentNames.historyBucket]: z
    .string({ error: bucket })
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, { error: bucket }),
  [environmentNames.docsUrl]: address,
  [environmentNames.dashboardUrl]: address,
  [environmentNames.logsUrl]: address,
  [environmentNames.installation]: z
    .string({ error: installationExpected })
    .regex(/^[\w.-]{1,64}$/, { error: installationExpected }),
  [environmentNames.targetMetrics]: z
    .string({ error: metricsExpected })
    .regex(/^[A-Za-z]{1,40}(?:,[A-Za-z]{1,40}){0,30}$/, { error: metricsExpected }),
} as const;

/* A link that is no link is left out: it is not worth a sweep. */
const link = address.optional().catch(undefined);
const schema = z
  .object({
    ...environmentShape,
    [environmentNames.historyBucket]: environmentShape[environmentNames.historyBucket].optional(),
    [environmentNames.docsUrl]: link,
    [environmentNames.dashboardUrl]: link,
    [environmentNames.logsUrl]: link,
    [environmentNames.installation]: environmentShape[environmentNames.installation].optional(),
    [environmentNames.targetMetrics]: environmentShape[environmentNames.targetMetrics].optional(),
  })
  .transform((env): Environment => ({
    topicArn: env[environmentNames.topicArn],
    historyBucket: env[environmentNames.historyBucket] ?? null,
    docsUrl: env[environmentNames.docsUrl] ?? null,
    dashboardUrl: env[environmentNames.dashboardUrl] ?? null,
    logsUrl: env[environmentNames.logsUrl] ?? null,
    installation: env[environmentNames.installation] ?? null,
    targetMetrics: env[environmentNames.targetMetrics]?.split(',') ?? [],
  }));

/** Reads the function's environment; variables that are not ours are ignored. */
export function parseEnvironment(env: Readonly<Record<string, string | undefined>>): Parsed<Environment> {
  return parseWith(schema, env);
}
