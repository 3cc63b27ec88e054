import { errorCode, toNetworkFault } from '../../functions/engines/network-fault.ts';

/** What the network did, in the words that a sweep's fault would have. */
export function explainNetwork(error: unknown, { host, port }: { host: string; port: number }): string {
  const fault = toNetworkFault(error, host, port);
  if (fault !== null) return `${fault.code}: ${fault.message}`;
  return `connect.failed: ${host}:${port} gave ${errorCode(error) || 'no reason'}`;
}
