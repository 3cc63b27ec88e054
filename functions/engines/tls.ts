import { isIP } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import type { Tls } from '../contract/target.ts';
import { toRdsRoots } from './rds-roots.ts';

/** What both drivers take as `ssl`: certificate and host name always verified; null means no TLS at all. */
export function toTlsOptions(tls: Tls, host: string): ConnectionOptions | null {
  if (tls === 'off' || (typeof tls === 'object' && 'insecure' in tls)) return null;
  const serverName = isIP(host) ? {} : { servername: host };
  const verified: ConnectionOptions = { rejectUnauthorized: true, minVersion: 'TLSv1.2', ...serverName };
  if (tls === 'system') return verified;
  return { ...verified, ca: tls === 'rds' ? [...toRdsRoots(host)] : tls.ca };
}
