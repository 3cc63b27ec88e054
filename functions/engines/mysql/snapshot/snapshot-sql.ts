import type { Variant } from '../connection/server.ts';

/** What a look asks, as values: who the server is, its sessions, and the details that need privileges of their own. */
export interface SnapshotSql {
  readonly server: string;
  readonly sessions: string;
  readonly rowWaits: string;
  readonly accounts: string;
  readonly roles: string;
  /** The prepared branches of XA, whoever has them. */
  readonly branches: string;
}

/** As much of a statement as is read. */
const longestStatement = 4_096;

// Bytes: a text of so many characters has no fewer, and none is kept in part.
const isCut = (text: string, most: string | number) =>
  `LENGTH(${text}) > LEAST(${most}, ${longestStatement}) - 5`;

const status = (table: string, name: string) =>
  `(SELECT variable_value FROM ${table} WHERE variable_name = '${name}')`;

// What performance_schema had no room for is counted and shown nowhere. FLUSH STATUS forgets the count; after it a size that
// does not grow by itself (-1) may have been too small.
const wasLost = (table: string, counter: string, size: string) => `
      (${status(table, counter)} > 0 OR @@GLOBAL.${size} >= 0
        AND ${status(table, 'Uptime')} <> ${status(table, 'Uptime_since_flush_status')})`;

const mariadbIdleTransactions = [
  'idle_transaction_timeout',
  'idle_write_transaction_timeout',
  'idle_readonly_transaction_timeout',
]
  .map((name) => `@@GLOBAL.${name} AS ${name},`)
  .join(' ');

const server = (
  globalStatus: string,
  attributesWhole: string,
  idleTransactions: string,
  mandatoryRoles: string,
) => `
  SELECT VERSION() AS version, CONNECTION_ID() AS id, CURRENT_USER() AS account,
    CONCAT(LEFT(DATE_FORMAT(UTC_TIMESTAMP(3), '%Y-%m-%dT%H:%i:%s.%f'), 23), 'Z') AS taken_at,
    @@GLOBAL.max_connections AS most, @@GLOBAL.max_user_connections AS most_per_user,
    @@GLOBAL.performance_schema AS has_events,
    @@GLOBAL.performance_schema_session_connect_attrs_size AS attributes_size,
    ${attributesWhole} AS attributes_whole,
    @@GLOBAL.wait_timeout AS wait_timeout, @@GLOBAL.interactive_timeout AS interactive_timeout,
    ${idleTransactions} ${mandatoryRoles} AS mandatory_roles,
    ${status(globalStatus, 'Threads_connected')} AS used,
    ${status(globalStatus, 'Performance_schema_metadata_lock_lost')} AS locks_lost,
    @@GLOBAL.performance_schema_max_metadata_locks AS locks_size,
    ${status(globalStatus, 'Uptime')} AS uptime, ${status(globalStatus, 'Uptime_since_flush_status')} AS flushed_seconds,
    ${wasLost(globalStatus, 'Performance_schema_thread_instances_lost', 'performance_schema_max_thread_instances')} AS threads_lost`;

// Timers, not TIME: an application forges that with its own SET timestamp. A level of 0 is the statement the client sent,
// whatever it runs inside; for a running statement, timer_end is "now". Until its first statement a session shows the last
// one of whoever had its slot before (measured), found by this session's thread but marked with the other's: that is nobody's.
const mysqlSessions = `
  SELECT t.processlist_id AS id, t.thread_id AS thread, t.name, t.processlist_user AS user,
    t.processlist_host AS host, t.processlist_db AS db, t.processlist_command AS command,
    t.processlist_time AS seconds, t.processlist_state AS server_state, @@GLOBAL.connect_timeout AS login_seconds, t.connection_type AS transport, t.instrumented,
    LEFT(COALESCE(t.processlist_info, s.sql_text), ${longestStatement}) AS statement,
    ${isCut('COALESCE(t.processlist_info, s.sql_text)', '@@GLOBAL.performance_schema_max_sql_text_length')} AS statement_cut,
    IF(s.thread_id + 0 = t.thread_id, s.event_id, NULL) AS event, s.end_event_id IS NOT NULL AS ended,
    s.timer_start AS started_ps, s.timer_end AS ended_ps, me.now AS now_ps,
    x.state AS transaction, x.timer_start AS transaction_ps, x.xa_state
  FROM performance_schema.threads t
  LEFT JOIN performance_schema.events_statements_current s
    ON s.thread_id = t.thread_id AND s.nesting_event_level = 0
  LEFT JOIN performance_schema.events_transactions_current x ON x.thread_id = t.thread_id
  CROSS JOIN (
    SELECT MAX(e.timer_start) AS now FROM performance_schema.threads o
    JOIN performance_schema.events_statements_current e ON e.thread_id = o.thread_id
    WHERE o.processlist_id = CONNECTION_ID()) me
  WHERE t.processlist_id IS NOT NULL`;

/** MySQL without performance_schema: who is there, but not since when. */
export const sessionsWithoutEvents = `
  SELECT id, user, host, db, command, state AS server_state, LEFT(info, ${longestStatement}) AS statement, ${isCut('info', longestStatement)} AS statement_cut
  FROM information_schema.processlist`;

const mariadbSessions = `
  SELECT id, user, host, db, command, state AS server_state, time_ms, query_id, @@GLOBAL.connect_timeout AS login_seconds,
    LEFT(info, ${longestStatement}) AS statement, ${isCut('info', longestStatement)} AS statement_cut
  FROM information_schema.processlist`;

/** Whether the server records every statement of those sessions that it records at all. */
export const statementsAreRecorded = `NOT EXISTS (SELECT 1 FROM performance_schema.setup_consumers WHERE enabled = 'NO' AND name IN
      ('global_instrumentation', 'thread_instrumentation', 'events_statements_current'))
    AND NOT EXISTS (SELECT 1 FROM performance_schema.setup_instruments
      WHERE (enabled = 'NO' OR timed = 'NO')
        AND (name LIKE 'statement/sql/%' OR name LIKE 'statement/com/%' OR name LIKE 'statement/abstract/%'))`;

/** Whether the events that we read are being recorded: each column 1 when all of its instruments and consumers are on. Where
 *  there is no room for another kind of statement, some may have found none (as installed, there is room for six more). */
export const instruments = `
  SELECT
    ${statementsAreRecorded}
    AND (SELECT COUNT(*) FROM performance_schema.setup_instruments WHERE name LIKE 'statement/%')
      < @@GLOBAL.performance_schema_max_statement_classes AS statements,
    NOT EXISTS (SELECT 1 FROM performance_schema.setup_consumers WHERE enabled = 'NO' AND name IN
      ('global_instrumentation', 'thread_instrumentation', 'events_transactions_current'))
    AND EXISTS (SELECT 1 FROM performance_schema.setup_instruments
      WHERE name = 'transaction' AND enabled = 'YES' AND timed = 'YES') AS transactions,
    NOT EXISTS (SELECT 1 FROM performance_schema.setup_consumers
      WHERE enabled = 'NO' AND name = 'global_instrumentation')
    AND EXISTS (SELECT 1 FROM performance_schema.setup_instruments
      WHERE name = 'wait/lock/metadata/sql/mdl' AND enabled = 'YES') AS locks`;

// InnoDB keeps whole seconds, cut off: one is taken away so that an age is never more than the true one.
const msSince = (column: string) =>
  `GREATEST(0, FLOOR((UNIX_TIMESTAMP(NOW(6)) - UNIX_TIMESTAMP(${column}) - 1) * 1000))`;

/** Open InnoDB transactions by connection id, 0 where there is none; PROCESS is needed. A list filled by this very statement shows its `mark` in our own row. */
export const transactions = (mark: number) => `
  SELECT /* unleak ${mark} */ trx_mysql_thread_id AS id, trx_mysql_thread_id = CONNECTION_ID() AS ours,
    trx_mysql_thread_id = CONNECTION_ID() AND LOCATE('/* unleak ${mark} */', trx_query) > 0 AS fresh,
    trx_state = 'ROLLING BACK' AS rolling_back, trx_state = 'LOCK WAIT' AS waiting,
    ${msSince('trx_started')} AS age_ms, ${msSince('trx_wait_started')} AS waiting_ms
  FROM information_schema.innodb_trx`;

/** Client attributes of all sessions, on both engines. */
export const attributes = `
  SELECT processlist_id AS id, attr_name AS name, LEFT(attr_value, 256) AS value
  FROM performance_schema.session_connect_attrs WHERE attr_name IN
    ('program_name', '_client_name', '_client_version', '_pid', '_os', '_platform', '_runtime_version', '_truncated')`;

/**
 * Holders of GET_LOCK, of a lock of the whole server that outlives statements and transactions (FLUSH TABLES WITH READ LOCK,
 * LOCK INSTANCE FOR BACKUP, BACKUP STAGE), and of locks on tables, by performance_schema: MySQL always, MariaDB where it is
 * switched on. Those of ordinary statements and transactions matter only while their session sleeps.
 */
export const locksByEvents = `
  SELECT DISTINCT t.processlist_id AS id, CASE
    WHEN l.object_type = 'USER LEVEL LOCK' THEN 'user' WHEN l.object_type <> 'TABLE' THEN 'backup'
    WHEN l.lock_duration = 'EXPLICIT' OR l.lock_type IN ('SHARED_READ_ONLY', 'SHARED_NO_READ_WRITE') THEN 'own'
    WHEN l.lock_type = 'SHARED_NO_WRITE' THEN 'asleep' ELSE 'any' END AS kind
  FROM performance_schema.metadata_locks l
  JOIN performance_schema.threads t ON t.thread_id = l.owner_thread_id
  WHERE l.lock_status = 'GRANTED' AND t.processlist_id IS NOT NULL AND (l.object_type = 'USER LEVEL LOCK'
    OR l.object_type IN ('GLOBAL', 'COMMIT', 'BACKUP LOCK', 'BACKUP') AND l.lock_duration = 'EXPLICIT'
    OR l.object_type = 'TABLE' AND (t.processlist_command = 'Sleep' OR l.lock_duration = 'EXPLICIT'
      OR l.lock_type IN ('SHARED_READ_ONLY', 'SHARED_NO_READ_WRITE')))`;

/** The same by MariaDB's plugin, which shows no duration: by what kinds of locks sleepers are left with. */
export const locksByPlugin = `
  SELECT DISTINCT thread_id AS id, CASE
    WHEN lock_type = 'User lock' THEN 'user' WHEN lock_type = 'Backup lock' THEN 'backup'
    WHEN lock_mode IN ('MDL_SHARED_READ_ONLY', 'MDL_SHARED_NO_READ_WRITE') THEN 'own'
    WHEN lock_mode = 'MDL_SHARED_NO_WRITE' THEN 'asleep' ELSE 'any' END AS kind
  FROM information_schema.metadata_lock_info
  WHERE lock_type IN ('User lock', 'Table metadata lock') OR lock_type = 'Backup lock' AND lock_mode IN
    ('MDL_BACKUP_START', 'MDL_BACKUP_FLUSH', 'MDL_BACKUP_WAIT_FLUSH', 'MDL_BACKUP_WAIT_DDL', 'MDL_BACKUP_WAIT_COMMIT',
     'MDL_BACKUP_FTWRL1', 'MDL_BACKUP_FTWRL2', 'MDL_BACKUP_BLOCK_DDL')`;

/** All locks that MariaDB's plugin shows: those that somebody has. */
export const everyLockByPlugin = `
  SELECT thread_id AS id, lock_type AS kind, lock_mode AS type, table_schema AS \`schema\`, table_name AS name
  FROM information_schema.metadata_lock_info`;

/** Who has temporary tables of InnoDB, on MySQL; PROCESS is needed. */
export const temporaryTables = `
  SELECT DISTINCT s.id FROM information_schema.innodb_session_temp_tablespaces s
  JOIN information_schema.innodb_temp_table_info i ON i.space = s.space WHERE s.purpose = 'USER'`;

/** STATE of those who have a metadata lock and wait for a table's own (MyISAM and its like). */
const tableWait = 'Waiting for table level lock';

/** Waits are as many as the square of a row's queue, so they have a limit of their own, well within that of a look. */
const longestForWaitsMs = 1_500;

// Only who does not wait himself: in a queue for a row everyone waits for all in front, and only the first one is to blame.
// A prepared branch of XA has no connection in InnoDB; the thread that locked the row tells whether a session still has it.
const mysqlRowWaits = `
  SELECT /*+ MAX_EXECUTION_TIME(${longestForWaitsMs}) */ STRAIGHT_JOIN DISTINCT
    IF(b.trx_mysql_thread_id = 0, h.processlist_id, b.trx_mysql_thread_id) AS blocker, r.processlist_id AS waiter,
    ${msSince('x.trx_wait_started')} AS waiting_ms
  FROM information_schema.innodb_trx b
  JOIN performance_schema.data_lock_waits w ON w.blocking_engine_transaction_id = b.trx_id
  JOIN performance_schema.threads r ON r.thread_id = w.requesting_thread_id
  LEFT JOIN information_schema.innodb_trx x ON x.trx_id = w.requesting_engine_transaction_id
  LEFT JOIN performance_schema.threads h ON b.trx_mysql_thread_id = 0 AND h.thread_id = w.blocking_thread_id
  WHERE b.trx_state <> 'LOCK WAIT' AND b.trx_mysql_thread_id <> r.processlist_id`;

// Tables of information_schema have no index; joined by hash, and first reduced to those who do not wait.
const mariadbRowWaits = `
  SET STATEMENT max_statement_time = ${longestForWaitsMs / 1_000}, join_cache_level = 4 FOR
  SELECT STRAIGHT_JOIN DISTINCT NULLIF(b.trx_mysql_thread_id, 0) AS blocker, r.trx_mysql_thread_id AS waiter,
    ${msSince('r.trx_wait_started')} AS waiting_ms
  FROM information_schema.innodb_trx b
  JOIN information_schema.innodb_lock_waits w ON w.blocking_trx_id = b.trx_id
  JOIN information_schema.innodb_trx r ON r.trx_id = w.requesting_trx_id
  WHERE b.trx_state <> 'LOCK WAIT' AND b.trx_mysql_thread_id <> r.trx_mysql_thread_id`;

/**
 * All metadata locks on what somebody waits for. `table_wait` are owners who have theirs and wait for the table's engine. The
 * few things that are waited for are found first, so that however many locks there are, each is read twice.
 */
export const contendedLocks = `
  SELECT /*+ MAX_EXECUTION_TIME(${longestForWaitsMs}) */ STRAIGHT_JOIN o.object_type AS kind, o.object_schema AS \`schema\`, o.object_name AS name,
    l.lock_type AS type, l.lock_status = 'GRANTED' AS granted, t.processlist_id AS id,
    t.processlist_state = '${tableWait}' AS table_wait
  FROM (
    SELECT DISTINCT p.object_type, p.object_schema, p.object_name
    FROM performance_schema.metadata_locks p
    LEFT JOIN performance_schema.threads w ON w.thread_id = p.owner_thread_id
    WHERE p.lock_status = 'PENDING' OR p.object_type = 'TABLE' AND w.processlist_state = '${tableWait}') o
  JOIN performance_schema.metadata_locks l ON l.object_type = o.object_type
    AND l.object_schema <=> o.object_schema AND l.object_name <=> o.object_name
  LEFT JOIN performance_schema.threads t ON t.thread_id = l.owner_thread_id
  WHERE l.lock_status IN ('GRANTED', 'PENDING')`;

/** The branches of XA that sessions have. */
export const attachedBranches = `
  SELECT xid_format_id AS format_id, xid_gtrid AS gtrid, xid_bqual AS bqual
  FROM performance_schema.events_transactions_current WHERE state = 'ACTIVE' AND xid_gtrid IS NOT NULL`;

/** Accounts with their own limit of connections; any account of that name counts. */
export const userLimits = `
  SELECT User AS user, MIN(max_user_connections) AS most FROM mysql.user
  WHERE max_user_connections > 0 GROUP BY User`;

// MariaDB cuts in silence, and only counts how often; FLUSH STATUS resets the count.
const mariadbAttributesWhole = `
    (SELECT SUM(variable_value) = 0 FROM information_schema.global_status WHERE variable_name IN
      ('Performance_schema_session_connect_attrs_lost', 'Performance_schema_thread_instances_lost'))
    AND (SELECT MAX(CAST(variable_value AS SIGNED)) - MIN(CAST(variable_value AS SIGNED)) = 0
      FROM information_schema.global_status WHERE variable_name IN ('Uptime', 'Uptime_since_flush_status'))`;

/** One set for each of the two products. */
export const snapshotSql: Readonly<Record<Variant, SnapshotSql>> = {
  mysql: {
    server: server(
      'performance_schema.global_status',
      '1', // where one is cut, MySQL says so in its attribute _truncated
      '', // MySQL has no limit of their own for transactions
      '@@GLOBAL.mandatory_roles',
    ),
    sessions: mysqlSessions,
    rowWaits: mysqlRowWaits,
    accounts: `
      SELECT User AS user, Host AS host, Super_priv = 'Y' AS is_super FROM mysql.user
      UNION SELECT USER, HOST, 1 FROM mysql.global_grants WHERE PRIV = 'SYSTEM_USER'`,
    roles: 'SELECT FROM_USER AS role, TO_USER AS user FROM mysql.role_edges',
    branches: 'XA RECOVER CONVERT XID',
  },
  mariadb: {
    server: server(
      'information_schema.global_status',
      mariadbAttributesWhole,
      mariadbIdleTransactions,
      'NULL', // GRANT … TO PUBLIC instead, which is in its table of accounts
    ),
    sessions: mariadbSessions,
    rowWaits: mariadbRowWaits,
    accounts: `SELECT User AS user, Host AS host, Super_priv = 'Y' AS is_super FROM mysql.user`,
    roles: 'SELECT Role AS role, User AS user FROM mysql.roles_mapping',
    branches: `XA RECOVER FORMAT = 'SQL'`,
  },
};
