import { gunzipSync } from 'node:zlib';
import { CreateBucketCommand, GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { clientAt, startMoto } from '../aws/moto.ts';

/** An emulated AWS account with what `cdk deploy` would make, and two queues subscribed to the topic. */
export interface EmulatedAccount {
  /** The function's environment, as infra would set it. */
  readonly env: Readonly<Record<string, string>>;
  putSecret(name: string, text: string): Promise<void>;
  /** Takes all messages out of the queue with raw delivery, or out of the other one. */
  drain(queue: 'raw' | 'wrapped'): Promise<Message[]>;
  /** The object in the history's bucket. */
  readHistory(key: string): Promise<string>;
  stop(): Promise<void>;
}

const Bucket = 'unleak-history';

/** Starts the emulator and fills it. */
export async function openAccount(): Promise<EmulatedAccount> {
  const moto = await startMoto();
  const at = clientAt(moto.endpoint);
  const [sns, sqs, s3] = [new SNSClient(at), new SQSClient(at), new S3Client(at)];
  const secrets = new SecretsManagerClient(at);
  await s3.send(new CreateBucketCommand({ Bucket }));
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'unleak-notices' }));
  const subscribe = async (QueueName: string, RawMessageDelivery: 'true' | 'false') => {
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName }));
    const names = { QueueUrl, AttributeNames: ['QueueArn' as const] };
    const Endpoint = (await sqs.send(new GetQueueAttributesCommand(names))).Attributes?.['QueueArn'];
    const Attributes = { RawMessageDelivery };
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint, Attributes }));
    return QueueUrl;
  };
  const queues = { raw: await subscribe('raw', 'true'), wrapped: await subscribe('wrapped', 'false') };
  const known = new Set<string>();
  return {
    env: {
      AWS_ENDPOINT_URL: moto.endpoint,
      AWS_REGION: at.region,
      AWS_ACCESS_KEY_ID: at.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: at.credentials.secretAccessKey,
      UNLEAK_TOPIC_ARN: TopicArn,
      UNLEAK_HISTORY_BUCKET: Bucket,
      UNLEAK_DOCS_URL: 'https://docs.example.com/unleak/',
    },
    putSecret: async (name, SecretString) => {
      if (known.has(name)) await secrets.send(new PutSecretValueCommand({ SecretId: name, SecretString }));
      else await secrets.send(new CreateSecretCommand({ Name: name, SecretString }));
      known.add(name);
    },
    drain: (queue) => drain(sqs, queues[queue]),
    readHistory: async (Key) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      return gunzipSync((await Body?.transformToByteArray()) ?? '').toString();
    },
    stop: () => moto.stop(),
  };
}

async function drain(sqs: SQSClient, QueueUrl: string): Promise<Message[]> {
  const all: Message[] = [];
  for (;;) {
    const command = { QueueUrl, MessageAttributeNames: ['All'], MaxNumberOfMessages: 10 };
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(command));
    if (Messages.length === 0) return all;
    all.push(...Messages);
    for (const { ReceiptHandle } of Messages)
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  }
}
