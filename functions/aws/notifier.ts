import { type MessageAttributeValue, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { Fault } from '../core/model/fault.ts';
import type { Message } from '../core/notify/to-message.ts';
import type { Notifier } from './ports.ts';
import { awsErrorName, toAwsTrouble } from './aws-error.ts';
import { clientSettings, regionOf } from './client-settings.ts';
import { onceFor } from './once-for.ts';
import { withinLimit } from './within-limit.ts';

/** One client for each Region: a topic is asked for in its own. */
const clientIn = onceFor((region) => new SNSClient(clientSettings(region)));

/** A notifier that publishes to one SNS topic; a form for each protocol in one message. */
export function createNotifier(topicArn: string, client = clientIn(regionOf(topicArn))): Notifier {
  return {
    async publish(message, signal) {
      const command = new PublishCommand({
        TopicArn: topicArn,
        Subject: message.subject,
        Message: message.message,
        MessageStructure: 'json',
        MessageAttributes: toAttributes(message),
      });
      try {
        await withinLimit(signal, (options) => client.send(command, options));
      } catch (error) {
        throw toPublishFault(error, topicArn);
      }
    },
  };
}

function toAttributes({ attributes }: Message): Record<string, MessageAttributeValue> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { type, value }]) => [
      name,
      { DataType: type, StringValue: value },
    ]),
  );
}

const says = {
  denied: ['publish.denied', 'the function may not publish to it, or not use its key'],
  missing: ['publish.topic_missing', 'there is no such topic'],
  exhausted: [
    'publish.process_limit',
    'no request was made, as this process may open no more files or sockets, or has no memory left',
  ],
  throttled: ['publish.throttled', 'SNS asked to slow down'],
  unreachable: [
    'publish.unreachable',
    'SNS did not answer; a function in a VPC needs a NAT or a VPC endpoint for it',
  ],
} as const;

function toPublishFault(error: unknown, topicArn: string): Fault {
  const trouble = toAwsTrouble(error);
  const [code, why] =
    trouble === 'other'
      ? (['publish.failed', `SNS answered ${awsErrorName(error)}`] as const)
      : says[trouble];
  const message = `Could not publish to ${topicArn}: ${why}. The report of this sweep is in the log.`;
  return new Fault({ code, step: 'notify', message, cause: error });
}
