import { NodeHttpHandler } from '@smithy/node-http-handler';

/** One call with its retry and the waits between; the parts below add up to it, but an answer that trickles in does not. */
const callMs = 9_000;

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

/** The options of one call: it ends when the sweep's time does, and by itself a good while before that. */
export function callOptions(signal: AbortSignal) {
  return { abortSignal: AbortSignal.any([signal, AbortSignal.timeout(callMs)]) };
}
