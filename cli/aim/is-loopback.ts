import ipaddr from 'ipaddr.js';
import { isIP } from 'node:net';

/** Whether nothing but the machine itself hears what is sent to this host. */
export function isLoopback(host: string): boolean {
  if (host.toLowerCase() === 'localhost') return true;
  return isIP(host) !== 0 && ipaddr.process(host).range() === 'loopback';
}
