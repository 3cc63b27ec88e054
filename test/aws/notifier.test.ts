import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  type Message as Received,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clientSettings } from '../../functions/aws/client-settings.ts';
import { createNotifier } from '../../functions/aws/notifier.ts';
import type { Message } from '../../functions/core/notify/to-message.ts';
import { faultOf } from './expect-fault.ts';
import { clientAt, isMotoHere, type Moto, startMoto, withMoto } from './moto.ts';
import { answering, nobody, type StubEndpoint } from './stub-endpoint.ts';

const never = new AbortController().signal;
const topic = 'arn:aws:sns:us-east-1:123456789012:notices';
const message: Message = {
  subject: 'unleak: ended 2 leaked sessions',
  message: JSON.stringify({
    default: 'for people',
    email: 'for people',
    sqs: '{"schema":"unleak.report/1"}',
  }),
  attributes: {
    outcome: { type: 'String', value: 'ended' },
    terminated: { type: 'Number', value: '2' },
  },
};

function publishTo({ url }: StubEndpoint): Promise<void> {
  const client = new SNSClient({ ...clientSettings(), ...clientAt(url) });
  return createNotifier(topic, client).publish(message, never);
}

function toErrorBody(code: string): string {
  return `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type><Code>${code}</Code><Message>No.</Message></Error><RequestId>1</RequestId></ErrorResponse>`;
}

describe('what SNS answers', () => {
  test.each([
    ['AuthorizationError', 403, 'denied', 1],
    ['InvalidClientTokenId', 403, 'denied', 1],
    ['KMSAccessDenied', 400, 'denied', 1],
    ['KMSDisabled', 400, 'denied', 1],
    ['KMSNotFound', 400, 'denied', 1],
    ['NotFound', 404, 'topic_missing', 1],
    ['Throttled', 429, 'throttled', 2],
    ['Throttling', 400, 'throttled', 2],
    ['KMSThrottling', 400, 'throttled', 1],
    ['InvalidParameter', 400, 'failed', 1],
    ['InternalError', 500, 'failed', 2],
  ])('%s (%i) is publish.%s, after %i requests', async (name, status, code, requests) => {
    const endpoint = await answering(status, toErrorBody(name), { 'content-type': 'text/xml' });
    const fault = await faultOf(publishTo(endpoint));
    expect(fault).toMatchObject({ kind: 'Publish', code: `publish.${code}`, step: 'notify', actor: 'aws' });
    expect(endpoint.requests()).toBe(requests);
    expect(fault.message).toContain(topic);
  });

  test('where nothing listens, a VPC endpoint is suggested', async () => {
    const fault = await faultOf(publishTo(await nobody()));
    expect(fault.code).toBe('publish.unreachable');
    expect(fault.message).toContain('VPC endpoint');
  });
});

describe.skipIf(!isMotoHere)(withMoto('a topic over HTTP'), () => {
  let moto: Moto;
  let sns: SNSClient;
  let sqs: SQSClient;
  beforeAll(async () => {
    moto = await startMoto();
    sns = new SNSClient(clientAt(moto.endpoint));
    sqs = new SQSClient(clientAt(moto.endpoint));
  });
  afterAll(() => moto.stop());

  async function subscribe(TopicArn: string, raw: boolean): Promise<string> {
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: raw ? 'raw' : 'wrapped' }));
    const queue = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
    const Attributes = { RawMessageDelivery: String(raw) };
    const Endpoint = queue.Attributes?.['QueueArn'];
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint, Attributes }));
    return QueueUrl;
  }

  async function receive(QueueUrl: string): Promise<Received[]> {
    const command = { QueueUrl, MessageAttributeNames: ['All'], MaxNumberOfMessages: 10 };
    return (await sqs.send(new ReceiveMessageCommand(command))).Messages ?? [];
  }

  test('one message, with its attributes and the form that queues are to get', async () => {
    const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'notices' }));
    const [wrapped, raw] = [await subscribe(TopicArn, false), await subscribe(TopicArn, true)];
    await createNotifier(TopicArn, sns).publish(message, never);
    const [inRaw, ...more] = await receive(raw);
    expect(more).toEqual([]);
    expect(JSON.parse(inRaw?.Body ?? '')).toEqual({ schema: 'unleak.report/1' });
    expect(inRaw?.MessageAttributes).toMatchObject({
      outcome: { DataType: 'String', StringValue: 'ended' },
      terminated: { DataType: 'Number', StringValue: '2' },
    });
    const [inWrapped] = await receive(wrapped);
    expect(JSON.parse(inWrapped?.Body ?? '')).toMatchObject({
      Type: 'Notification',
      Subject: message.subject,
      Message: '{"schema":"unleak.report/1"}',
      MessageAttributes: { terminated: { Type: 'Number', Value: '2' } },
    });
  });

  test('a topic that is gone', async () => {
    const gone = 'arn:aws:sns:us-east-1:123456789012:gone';
    await expect(faultOf(createNotifier(gone, sns).publish(message, never))).resolves.toMatchObject({
      code: 'publish.topic_missing',
    });
  });
});
