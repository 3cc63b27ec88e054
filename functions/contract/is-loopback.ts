import ipaddr from 'ipaddr.js';

/** Whether nothing but the machine itself hears what is sent to this host; a form of address that clients read differently is not. */
export function isLoopback(host: string): boolean {
  if (host.toLowerCase() === 'localhost') return true;
  if (!ipaddr.IPv4.isValidFourPartDecimal(host) && !ipaddr.IPv6.isValid(host)) return false;
  return ipaddr.process(host).range() === 'loopback';
}
