import * as z from 'zod';
import { type Parsed, parseWith } from './problems.ts';

/** The names of the environment variables that infra sets and the functions read. */
export const environmentNames = {
  topicArn: 'UNLEAK_TOPIC_ARN',
  historyBucket: 'UNLEAK_HISTORY_BUCKET',
} as const;

/** What a function needs to know that no event carries. */
export interface Environment {
  readonly topicArn: string;
  /** Where the last news of each target is kept; null: no memory, so the same news is told at every sweep. */
  readonly historyBucket: string | null;
}

const topic = 'the ARN of an SNS topic';
const bucket = 'the name of an S3 bucket';
const schema = z
  .object({
    [environmentNames.topicArn]: z
      .string({ error: topic })
      .regex(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}(\.fifo)?$/, { error: topic }),
    [environmentNames.historyBucket]: z
      .string({ error: bucket })
      .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, { error: bucket })
      .optional(),
  })
  .transform((env): Environment => ({
    topicArn: env[environmentNames.topicArn],
    historyBucket: env[environmentNames.historyBucket] ?? null,
  }));

/** Reads the function's environment; variables that are not ours are ignored. */
export function parseEnvironment(env: Readonly<Record<string, string | undefined>>): Parsed<Environment> {
  return parseWith(schema, env);
}
