import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A stand-in for Secrets Manager, SNS and S3 that never closes a connection by itself. */
export interface AwsEndpoint {
  readonly url: string;
  /** The function's environment, so that it finds nothing but this. */
  readonly env: Readonly<Record<string, string>>;
  /** The connections that are open now. */
  sockets(): number;
  /** The answered calls by service. */
  readonly calls: Readonly<Record<'secrets' | 'sns' | 's3', number>>;
  stop(): void;
}

const published = `<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>m-1</MessageId></PublishResult></PublishResponse>`;
const noSuchKey = '<Error><Code>NoSuchKey</Code><Message>No.</Message></Error>';

/** Starts it on a free port; `secret` is what every secret holds. */
export async function startAwsEndpoint(secret: () => string): Promise<AwsEndpoint> {
  const calls = { secrets: 0, sns: 0, s3: 0 };
  const objects = new Map<string, string>();
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      answer(request, body, response);
    });
  });
  const answer = (request: IncomingMessage, body: string, response: ServerResponse): void => {
    const operation = String(request.headers['x-amz-target'] ?? '');
    if (operation.startsWith('secretsmanager.')) {
      calls.secrets += 1;
      response.setHeader('content-type', 'application/x-amz-json-1.1');
      response.end(JSON.stringify({ Name: 'secret', SecretString: secret() }));
    } else if (request.method === 'POST') {
      calls.sns += 1;
      response.setHeader('content-type', 'text/xml').end(published);
    } else {
      calls.s3 += 1;
      answerS3(objects, request, body, response);
    }
  };
  server.keepAliveTimeout = 0;
  server.headersTimeout = 0;
  server.requestTimeout = 0;
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    calls,
    env: {
      AWS_ENDPOINT_URL: url,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'a-test-has-no-secrets',
      UNLEAK_TOPIC_ARN: 'arn:aws:sns:us-east-1:123456789012:notices',
      UNLEAK_HISTORY_BUCKET: 'unleak-history',
    },
    sockets: () => sockets.size,
    stop: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

function answerS3(
  objects: Map<string, string>,
  { method, url = '' }: IncomingMessage,
  body: string,
  response: ServerResponse,
): void {
  const [key = ''] = url.split('?');
  const kept = objects.get(key);
  if (method === 'PUT') {
    objects.set(key, body);
    response.setHeader('etag', '"1"').end();
  } else if (kept === undefined) {
    response.writeHead(404, { 'content-type': 'application/xml' }).end(noSuchKey);
  } else response.setHeader('etag', '"1"').end(kept);
}
