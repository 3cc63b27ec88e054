import * as z from 'zod';
import { strictObject } from './strict-object.ts';

/** The severities of a report, least first; they are also the `severity` attribute of every message. */
export const severities = ['info', 'warning', 'critical'] as const;

const endpoints = {
  email: { pattern: /^[^\s@]+@[^\s@]+\.[^\s@]+$/, expected: 'an e-mail address' },
  https: { pattern: /^https:\/\/\S+$/, expected: 'an https address' },
  sms: { pattern: /^\+[1-9]\d{6,14}$/, expected: 'a telephone number such as +4930123456' },
  sqs: {
    pattern: /^arn:aws[a-z-]*:sqs:[a-z0-9-]+:\d{12}:[\w-]{1,80}$/,
    expected: 'the ARN of an SQS queue that is not FIFO',
  },
  lambda: {
    pattern: /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[\w-]{1,64}(?::[\w$-]{1,128})?$/,
    expected: 'the ARN of a Lambda function',
  },
} as const;
type Protocol = keyof typeof endpoints;
const protocols = Object.keys(endpoints) as Protocol[];
const protocolExpected = `one of: ${protocols.join(' | ')}`;
const severityExpected = `one of: ${severities.join(' | ')}`;

const noHook =
  'an address that confirms a subscription. Hooks of Slack and Teams never do, so nothing would arrive: use Amazon Q Developer in ' +
  'chat applications, a function of yours, or the channel’s e-mail address';

/** Incoming hooks of chat services take their own JSON only: SNS’s request to confirm is refused, for good. */
function isChatHook(address: string): boolean {
  const host = URL.canParse(address) ? new URL(address).hostname : '';
  return /(?:^|\.)hooks\.slack(?:-gov)?\.com$|(?:^|\.)webhook\.office\.com$|(?:^|\.)logic\.azure\.com$/.test(
    host,
  );
}

/** A subscriber to the topic; `severity` keeps everything less severe from it, but never an alarm. */
export const subscriptionSchema = strictObject({
  protocol: z.enum(protocols, { error: protocolExpected }),
  endpoint: z.string({ error: 'the address of the subscriber' }),
  severity: z
    .enum(severities, { error: severityExpected })
    .meta({
      description: 'The least severity that this subscriber hears of; info, which is all, by default.',
    })
    .optional(),
})
  .superRefine(({ protocol, endpoint }, context) => {
    const { pattern, expected } = endpoints[protocol];
    const issue = !pattern.test(endpoint)
      ? expected
      : protocol === 'https' && isChatHook(endpoint)
        ? noHook
        : null;
    if (issue !== null) context.addIssue({ code: 'custom', path: ['endpoint'], message: issue });
  })
  .transform(({ protocol, endpoint, severity }) => ({ protocol, endpoint, severity: severity ?? 'info' }));

/** A subscriber, read. */
export type Subscription = z.output<typeof subscriptionSchema>;
