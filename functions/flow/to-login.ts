import { describeProblem } from '../contract/problems.ts';
import { type Secret, parseSecret } from '../contract/secret.ts';
import type { EngineName, Target } from '../contract/target.ts';
import { expectedTls } from '../contract/tls.ts';
import { Fault } from '../core/model/fault.ts';
import type { Login } from '../engines/engine.ts';

const defaultPort: Readonly<Record<EngineName, number>> = { postgres: 5432, mysql: 3306, mariadb: 3306 };

/** Where a target's server is, as far as the target says it without its secret; null where it names no host. */
export function toPlace({ host, port, engine, tls }: Target): Pick<Login, 'host' | 'port' | 'tls'> | null {
  return host === null ? null : { host, port: port ?? defaultPort[engine], tls };
}

/** A login from what the target and its secret say, the target first; a Credentials fault names everything that is wrong. */
export function toLogin(target: Target, secretText: string): Login {
  const parsed = parseSecret(secretText);
  if (!parsed.ok) throw malformed(target, parsed.problems.map(describeProblem));
  const secret = parsed.value;
  const host = target.host ?? secret.host;
  refuseOtherServer(target, secret);
  const problems = [
    ...(host === null ? ['no host: name one in the target or in the secret'] : []),
    ...(isOtherEngine(target, secret)
      ? [`engine: the secret is for another engine than ${target.engine}`]
      : []),
  ];
  if (host === null || problems.length > 0) throw malformed(target, problems);
  refuseInClear(target, host);
  return {
    host,
    port: target.port ?? secret.port ?? defaultPort[target.engine],
    // On MySQL our login has rights on no database and needs none, though RDS writes one into its secrets.
    database: target.engine === 'postgres' ? (target.database ?? secret.database) : null,
    user: secret.username,
    password: secret.password,
    tls: target.tls,
  };
}

/** A secret of another server is not sent to this one: either the secret or the host was written by mistake. */
function refuseOtherServer(target: Target, secret: Secret): void {
  const expected = target.secretHost ?? target.host;
  const isOtherHost = expected !== null && secret.host !== null && !isSameHost(expected, secret.host);
  // Another name has a port of its own.
  const isOtherPort =
    target.secretHost === null &&
    target.host !== null &&
    target.port !== null &&
    secret.port !== null &&
    target.port !== secret.port;
  if (!isOtherHost && !isOtherPort) return;
  const what = isOtherHost ? 'host' : 'port';
  throw new Fault({
    code: 'credentials.secret_server',
    step: 'secret',
    message:
      `The secret ${target.secret} is not used for ${target.name}: its ${what} is another than that of the target. ` +
      'Correct one of them; where they differ on purpose, `secretHost` in the target names the host that stands in the secret.',
  });
}

/** Names differ in case and in a final dot, and are the same. */
function isSameHost(one: string, other: string): boolean {
  const plain = (host: string) => host.toLowerCase().replace(/\.$/, '');
  return plain(one) === plain(other);
}

/** A host that stands in the secret is known only now. */
function refuseInClear(target: Target, host: string): void {
  const expected = expectedTls(host, target.tls);
  if (expected === null) return;
  throw new Fault({
    code: 'config.tls',
    step: 'secret',
    message: `The password is not sent to ${target.name} in clear. tls: off found, expected ${expected}.`,
  });
}

/** RDS writes postgres, mysql, mariadb, aurora-postgresql and the like; words we do not know are no contradiction. */
function isOtherEngine(target: Target, secret: Secret): boolean {
  const says = secret.engine?.toLowerCase() ?? '';
  if (/postgres/.test(says)) return target.engine !== 'postgres';
  if (/mysql|mariadb/.test(says)) return target.engine === 'postgres';
  return false;
}

function malformed(target: Target, problems: readonly string[]): Fault {
  return new Fault({
    code: 'credentials.secret_malformed',
    step: 'secret',
    message: `The secret ${target.secret} cannot be used for ${target.name}. ${problems.join('; ')}.`,
  });
}
