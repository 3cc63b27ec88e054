import { quoteName } from './connection/privileges.ts';

/** The statements that make a least-privilege login for unleak, run once by a superuser or RDS's master user. */
export function toGrants(user: string, password: string): readonly string[] {
  const name = quoteName(user);
  return [
    `CREATE ROLE ${name} LOGIN PASSWORD '${password.replaceAll("'", "''")}'`,
    `GRANT pg_monitor, pg_signal_backend TO ${name}`,
  ];
}

/** What else helps, for people to decide: a way in when all ordinary slots are taken. */
export function toAdvice(user: string): readonly string[] {
  return [
    'From PostgreSQL 16, to get in when the server is full: set reserved_connections = 2, restart, and',
    `GRANT pg_use_reserved_connections TO ${quoteName(user)};`,
  ];
}
