import * as z from 'zod';
import { isLoopback } from './is-loopback.ts';
import { strictObject } from './strict-object.ts';

/**
 * How the server's certificate is verified. `off` sends the password in clear and is for this machine alone; anywhere else
 * `insecure` says why that is accepted.
 */
export type Tls = 'rds' | 'system' | 'off' | { readonly ca: string } | { readonly insecure: string };

const pem = z
  .string({ error: 'a certificate authority in PEM form' })
  .regex(/-----BEGIN CERTIFICATE-----/, { error: 'a certificate authority in PEM form' });
const reasonExpected = 'why the password may cross this network in clear, in 1 to 200 characters';
const reason = z
  .string({ error: reasonExpected })
  .regex(/\S/, { error: reasonExpected })
  .max(200, { error: reasonExpected });
const tlsExpected =
  'rds | system | off | { ca: a certificate authority in PEM form } | { insecure: why there is no TLS }';

/** The schema of a target's `tls`. */
export const tlsSchema = z.union(
  [
    z.enum(['rds', 'system', 'off']),
    strictObject({ ca: pem }),
    strictObject({ insecure: reason }).meta({
      description:
        'No TLS to a host that is not this machine: anyone on the way reads the password. The value says why.',
    }),
  ],
  { error: tlsExpected },
);

/** Whether the password crosses the network in clear. */
export function isInClear(tls: Tls): boolean {
  return tls === 'off' || (typeof tls === 'object' && 'insecure' in tls);
}

/** What is expected instead of a `tls` that sends the password in clear for no reason given; null where nothing is wrong or the host is not known. */
export function expectedTls(host: unknown, tls: unknown): string | null {
  if (tls !== 'off' || typeof host !== 'string' || isLoopback(host)) return null;
  return (
    'rds, system or { ca: … }, since off is for this machine alone: anyone on the way to another host reads the password. ' +
    'Where that is accepted, tls: { insecure: "why" } says why'
  );
}
