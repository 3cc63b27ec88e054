// A client that vanished without a word (a killed function behind a NAT, a host without power) would keep its session, and the
// lock with it, for the two hours of the server's operating system: these free both within half a minute.
const deadPeer: Readonly<Record<string, string>> = {
  tcp_keepalives_idle: '10',
  tcp_keepalives_interval: '5',
  tcp_keepalives_count: '3',
  tcp_user_timeout: '25000', // what was sent and never confirmed stops the keepalives
};

/**
 * What the server, the database or our role may set otherwise and our statements rely on, in every version from PostgreSQL 13.
 * Names are looked up in pg_catalog only. A hot standby refuses serializable statements. One refused session must not end
 * ours (exit_on_error). Numbers keep all their digits. Compiling a statement that runs once only costs time.
 */
const always: Readonly<Record<string, string>> = {
  role: 'none', // ALTER ROLE … SET role would make us somebody with other rights
  search_path: 'pg_catalog,pg_temp',
  default_transaction_isolation: 'read committed',
  default_transaction_deferrable: 'off',
  idle_in_transaction_session_timeout: '0',
  exit_on_error: 'off',
  client_min_messages: 'error',
  standard_conforming_strings: 'on',
  DateStyle: 'ISO, MDY',
  IntervalStyle: 'postgres',
  TimeZone: 'UTC',
  bytea_output: 'hex',
  extra_float_digits: '1',
  row_security: 'on',
  jit: 'off',
  enable_material: 'off', // as enable_memoize below
  ...deadPeer,
};

/**
 * What has to wait until we are in: a trigger that runs at login may write, and a login that names a setting that the
 * server does not have is refused. Bytes come as the server has them, since converting them fails where one is invalid.
 */
const onceIn: Readonly<Record<string, string>> = {
  default_transaction_read_only: 'on',
  idle_session_timeout: '0',
  transaction_timeout: '0',
  enable_memoize: 'off', // would answer the check before a signal from memory (end-sql)
  client_encoding: 'SQL_ASCII',
};

/** The settings of our login as the server's command-line options. */
export function toStartupOptions(): string {
  return Object.entries(always)
    .map(([name, value]) => `-c ${name}=${value.replaceAll(' ', '\\ ')}`)
    .join(' ');
}

/**
 * Asks for the number of the server process, and pins every setting once more, since what runs at login may have changed
 * them: but only where the number is the one that the login was given. A pooler keeps its connection to the server when
 * we leave, and nothing of ours may stay in it. Settings that this version does not have are left out.
 */
export function toPinningSql(processId: number, own: Readonly<Record<string, string | number>>): string {
  const pins = Object.entries({ ...own, ...always, ...onceIn }).map(
    ([name, value]) =>
      `case when pg_catalog.current_setting('${name}', true) is not null then pg_catalog.set_config('${name}', '${value}', false) end`,
  );
  return `
    select case when pg_catalog.pg_backend_pid() = ${processId} then array[${pins.join(', ')}] end is not null as pinned`;
}
