import { NodeHttpHandler } from '@smithy/node-http-handler';

/**
 * Limits for every AWS call: a function in a VPC without a NAT or an endpoint otherwise hangs until its own time-out
 * (FACTS). One retry, for throttling; the next tick of the schedule is the real one.
 */
export function clientSettings() {
  return {
    maxAttempts: 2,
    requestHandler: new NodeHttpHandler({
      connectionTimeout: 2_000,
      requestTimeout: 4_000,
      throwOnRequestTimeout: true,
    }),
  };
}
