/*
 * Parameters that connection URLs of other clients carry: libpq, SQLAlchemy, Django (dj-database-url, django-environ), Rails, Prisma,
 * JDBC, node-postgres and mysql2. Names are compared in lower case, without dashes and underscores.
 */

/** What says nothing about which server is meant, who logs in or how it is verified: unleak has settings of its own for it. */
const harmless = [
  ...[
    'application_name',
    'fallback_application_name',
    'ApplicationName',
    'program_name',
    'schema',
    'currentSchema',
  ],
  ...[
    'search_path',
    'options',
    'client_encoding',
    'encoding',
    'charset',
    'collation',
    'characterEncoding',
    'useUnicode',
  ],
  ...[
    'connectionCollation',
    'timezone',
    'time_zone',
    'serverTimezone',
    'connectionTimeZone',
    'useLegacyDatetimeCode',
  ],
  ...[
    'dateStrings',
    'channel_binding',
    'target_session_attrs',
    'targetServerType',
    'load_balance_hosts',
    'gssencmode',
  ],
  ...['krbsrvname', 'sslsni', 'sslcompression', 'ssl_min_protocol_version', 'uselibpqcompat', 'replication'],
  ...[
    'connect_timeout',
    'connectTimeout',
    'connection_timeout',
    'timeout',
    'socket_timeout',
    'socketTimeout',
    'loginTimeout',
  ],
  ...[
    'read_timeout',
    'readTimeout',
    'write_timeout',
    'writeTimeout',
    'statement_timeout',
    'query_timeout',
    'lock_timeout',
  ],
  ...[
    'command_timeout',
    'idle_in_transaction_session_timeout',
    'tcp_user_timeout',
    'tcpKeepAlive',
    'keepalives',
  ],
  ...[
    'keepalives_idle',
    'keepalives_interval',
    'keepalives_count',
    'pool',
    'pool_size',
    'poolSize',
    'max_overflow',
  ],
  ...[
    'pool_timeout',
    'pool_recycle',
    'pool_pre_ping',
    'connection_limit',
    'connectionLimit',
    'max_connections',
    'min',
    'max',
  ],
  ...[
    'maxPoolSize',
    'minPoolSize',
    'checkout_timeout',
    'idle_timeout',
    'reaping_frequency',
    'pgbouncer',
    'reconnect',
  ],
  ...[
    'autoReconnect',
    'prepared_statements',
    'prepareThreshold',
    'statement_cache_size',
    'prepared_statement_cache_size',
  ],
  ...[
    'binaryTransfer',
    'reWriteBatchedInserts',
    'rewriteBatchedStatements',
    'cachePrepStmts',
    'prepStmtCacheSize',
  ],
  ...[
    'prepStmtCacheSqlLimit',
    'useServerPrepStmts',
    'stringtype',
    'defaultRowFetchSize',
    'readOnly',
    'autosave',
  ],
  ...[
    'logUnclosedConnections',
    'loggerLevel',
    'assumeMinServerVersion',
    'conn_max_age',
    'conn_health_checks',
  ],
  ...[
    'atomic_requests',
    'disable_server_side_cursors',
    'autocommit',
    'isolation_level',
    'init_command',
    'sql_mode',
  ],
  ...[
    'allowMultiQueries',
    'multipleStatements',
    'zeroDateTimeBehavior',
    'tinyInt1isBit',
    'useCursorFetch',
    'parseTime',
  ],
  ...[
    'supportBigNumbers',
    'bigNumberStrings',
    'namedPlaceholders',
    'local_infile',
    'allowLoadLocalInfile',
    'compress',
  ],
  ...[
    'useCompression',
    'use_unicode',
    'raise_on_warnings',
    'auth_plugin',
    'allowPublicKeyRetrieval',
    'serverVersion',
  ],
];

/** What unleak has no way to do, or takes from another place of the URL. */
const refused: readonly (readonly [names: readonly string[], why: string])[] = [
  [
    [
      'host',
      'hostaddr',
      'port',
      'dbname',
      'database',
      'server',
      'service',
      'servicefile',
      'socket',
      'unix_socket',
      'socketPath',
      'unixSocket',
    ],
    'write the server as user:password@host:port/database, without this parameter',
  ],
  [['passfile', 'passwordfile'], 'give the password in the URL or in UNLEAK_PASSWORD'],
  [
    [
      'sslcert',
      'sslkey',
      'sslidentity',
      'sslpassword',
      'ssl_cert',
      'ssl_key',
      'sslcertmode',
      'clientCertificateKeyStoreUrl',
    ],
    'unleak logs in with a password, not with a certificate of its own',
  ],
  [
    [
      'sslaccept',
      'sslfactory',
      'trustServerCertificate',
      'trustCertificateKeyStoreUrl',
      'sslcrl',
      'sslcrldir',
      'sslnegotiation',
      'verifyServerCertificate',
    ],
    'unleak verifies every certificate; name an authority with sslrootcert=FILE instead',
  ],
  [['require_auth', 'gsslib', 'krb', 'authenticationPluginClassName'], 'unleak logs in with a password only'],
];

const plain = (name: string) => name.toLowerCase().replace(/[-_]/g, '');
const ignored: ReadonlySet<string> = new Set(harmless.map(plain));
const reasons: ReadonlyMap<string, string> = new Map(
  refused.flatMap(([names, why]) => names.map((name) => [plain(name), why] as const)),
);

/** Whether a parameter is of no matter to unleak. */
export function isHarmless(name: string): boolean {
  return ignored.has(plain(name));
}

/**
 * Why a parameter cannot be used. One that no client knows may be a piece of a password, so it is told by its place in the URL and
 * not by what stands there.
 */
export function whyRefused(name: string, place: number): string {
  const why = reasons.get(plain(name));
  return why === undefined ? `parameter ${place} of the URL is none that unleak knows` : `${name}: ${why}`;
}
