import { NodeHttpHandler } from '@smithy/node-http-handler';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';

/** One sweep makes at most four calls at a time; a process that would need more sockets has a defect. */
const pool = { keepAlive: true, maxSockets: 50 };
const agents = { httpAgent: new HttpAgent(pool), httpsAgent: new HttpsAgent(pool) };

/**
 * Limits for every AWS call: a function in a VPC without a NAT or an endpoint otherwise hangs until its own time-out
 * (measured). One retry, for throttling; the next tick of the schedule is the real one. All clients share one pool of sockets.
 */
export function clientSettings(region = '') {
  return {
    ...(region !== '' && { region }),
    maxAttempts: 2,
    requestHandler: new NodeHttpHandler({
      ...agents,
      connectionTimeout: 2_000,
      requestTimeout: 4_000,
      throwOnRequestTimeout: true,
    }),
  };
}

/** The Region that an ARN names; empty where a name says nothing of it. */
export function regionOf(arn: string): string {
  return /^arn:[\w-]+:[\w-]+:([a-z0-9-]+):/.exec(arn)?.[1] ?? '';
}

/**
 * Closes every socket to AWS, also those on which an answer never ends. Call it at the end of an invocation: a warm
 * function is frozen until the next one, and AWS may never close its end. The clients go on working.
 */
export function closeSockets(): void {
  agents.httpAgent.destroy();
  agents.httpsAgent.destroy();
}
