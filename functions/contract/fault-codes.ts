/** Who can fix a fault: the people who deploy unleak, those who run the database, or those who run the AWS account. */
export type Actor = 'operator' | 'dba' | 'aws';

/** The seven ways in which a sweep can fail; each code begins with one of these in lower case. */
export type FaultKind =
  'Config' | 'Credentials' | 'Connect' | 'Snapshot' | 'Publish' | 'Deadline' | 'Invariant';

/** What is known of a fault before it happens. */
interface KnownFault {
  readonly actor: Actor;
  /** What to do about it, in one to three sentences. */
  readonly remedy: string;
}

const deployAgain =
  'Correct the configuration and deploy again. Every sweep fails in the same way until then.';
const readSecret =
  'Check the secret and its login. Every run reads it afresh, so nothing has to be deployed.';
const askServer = 'Check the health of the server, and what its log says about the login of unleak.';
const checkTopic = 'Check the topic, its policy and its encryption key.';
const freeServer =
  'Free what the server has run out of, and find who uses it up. Its log says more. Others are refused as well.';
const repairServer = 'Look at the disk and the log of the server now. Sweeping has to wait.';
const slowAnswer = 'The server or the network answered slowly. If this repeats, look at their load first.';
const reportDefect = 'Report a defect of unleak, with the code and the log of this sweep.';
const ownProcess =
  'Find what keeps files or sockets open in this process. A new process starts afresh: deploy again, or open a new terminal.';

/**
 * Every public fault code: who can fix it, and what to do. E-mails, the command line and faults themselves derive from this one
 * list, and docs/runbook.md has a heading for each (test/docs/faults.test.ts). The order is that of a sweep.
 */
export const faultCodes = {
  'config.event': { actor: 'operator', remedy: deployAgain },
  'config.target': { actor: 'operator', remedy: deployAgain },
  'config.tls': { actor: 'operator', remedy: deployAgain },
  'config.tick': {
    actor: 'operator',
    remedy:
      'Nothing, if it happened once. If it repeats, check the schedule, and the clock of what invokes the function.',
  },
  'config.environment': { actor: 'operator', remedy: deployAgain },
  'credentials.secret_missing': {
    actor: 'operator',
    remedy: 'Create the secret, or correct its name in unleak.yaml.',
  },
  'credentials.secret_server': {
    actor: 'operator',
    remedy: 'Name the secret that belongs to this server, or correct the host of the target in unleak.yaml.',
  },
  'credentials.secret_denied': {
    actor: 'operator',
    remedy: 'Allow the function to read the secret, and to use the key that encrypts it.',
  },
  'credentials.secret_deleted': {
    actor: 'operator',
    remedy: 'Restore the secret, or name another one in unleak.yaml.',
  },
  'credentials.secret_malformed': { actor: 'operator', remedy: readSecret },
  'credentials.secret_throttled': {
    actor: 'aws',
    remedy:
      'Nothing, if it happened once. If it repeats, spread the schedules or raise the quota of Secrets Manager.',
  },
  'credentials.secret_unreachable': {
    actor: 'aws',
    remedy: 'Give the function a way to Secrets Manager: a VPC endpoint, or a NAT gateway.',
  },
  'credentials.clear_password': {
    actor: 'dba',
    remedy:
      'Turn on TLS for this target, or let the account log in by a method that sends no clear password.',
  },
  'credentials.process_limit': { actor: 'operator', remedy: ownProcess },
  'credentials.secret_failed': { actor: 'operator', remedy: readSecret },
  'credentials.login_refused': {
    actor: 'operator',
    remedy:
      'Check the user name and the password in the secret. Every run reads it afresh, so nothing has to be deployed.',
  },
  'credentials.account_locked': {
    actor: 'dba',
    remedy: 'Unlock the account (ALTER USER … ACCOUNT UNLOCK), or name another in the secret.',
  },
  'credentials.password_expired': {
    actor: 'dba',
    remedy:
      'Change the password in the database and in the secret. PASSWORD EXPIRE NEVER spares a robot this.',
  },
  'credentials.unsupported_method': {
    actor: 'dba',
    remedy:
      'Give unleak an account that logs in by a password: caching_sha2_password on MySQL, mysql_native_password on MariaDB.',
  },
  'connect.too_many_connections': {
    actor: 'dba',
    remedy:
      'Free a slot now, for instance by restarting the application that holds most of them. Then keep one for unleak, as the runbook describes, so that it can help the next time.',
  },
  'connect.unknown_host': {
    actor: 'operator',
    remedy:
      'Check the host of this target in unleak.yaml or in its secret, and that the function can resolve names in its network.',
  },
  'connect.refused': {
    actor: 'operator',
    remedy: 'Check the port, and whether the server is up or restarting.',
  },
  'connect.unreachable': {
    actor: 'operator',
    remedy: "Check the routes and network rules between the function's subnets and the server.",
  },
  'connect.timeout': {
    actor: 'operator',
    remedy:
      "Check that the server is up, and that the database's security group lets the function's security group in on its port.",
  },
  'connect.lost': {
    actor: 'dba',
    remedy:
      'Nothing, if it happened once. If it repeats, look for what cuts connections: a time limit of the server or the role, a proxy, a firewall.',
  },
  'connect.time_limit': {
    actor: 'dba',
    remedy: 'Switch the time limit that is named above off for the login of unleak.',
  },
  'connect.server_exhausted': { actor: 'dba', remedy: freeServer },
  'connect.server_damaged': { actor: 'dba', remedy: repairServer },
  'connect.failed': {
    actor: 'operator',
    remedy:
      'Look up the error that the message names, and what the log of the server says about the login of unleak.',
  },
  'connect.tls_refused': {
    actor: 'dba',
    remedy: 'Turn on TLS on the server. unleak sends no password without it.',
  },
  'connect.tls_required': { actor: 'operator', remedy: 'Remove `tls: off` from this target in unleak.yaml.' },
  'connect.tls_failed': {
    actor: 'operator',
    remedy: 'Check which versions and ciphers of TLS the server offers: unleak needs TLS 1.2 or newer.',
  },
  'connect.certificate_host': {
    actor: 'operator',
    remedy: 'Use the host name that the certificate is for, not an alias or an address.',
  },
  'connect.certificate_authority': {
    actor: 'operator',
    remedy:
      'Set `tls` of this target to the authority that signed the certificate; `rds` trusts the RDS roots only.',
  },
  'connect.certificate_expired': { actor: 'dba', remedy: "Renew the server's certificate." },
  'connect.process_limit': { actor: 'operator', remedy: ownProcess },
  'connect.protocol': {
    actor: 'operator',
    remedy:
      'Check host and port of this target: what answers there does not speak the protocol of its engine.',
  },
  'connect.shutting_down': {
    actor: 'dba',
    remedy: 'Nothing, if the restart is planned. Otherwise look at the server.',
  },
  'connect.unknown_database': {
    actor: 'operator',
    remedy: 'Check the database of this target in unleak.yaml or in its secret.',
  },
  'connect.database_refused': {
    actor: 'dba',
    remedy:
      'Name another database in unleak.yaml, or grant CONNECT on this one. On PostgreSQL any database will do.',
  },
  'connect.pooler': {
    actor: 'operator',
    remedy:
      "Write the server's own host and port for this target, not those of PgBouncer, RDS Proxy, ProxySQL or another pooler.",
  },
  'connect.login_trigger': {
    actor: 'dba',
    remedy: 'Let the login of unleak past the code that runs at every login, or repair that code.',
  },
  'connect.host_not_allowed': {
    actor: 'dba',
    remedy: "Let unleak's login in from the function's addresses, in pg_hba.conf or in the account's host.",
  },
  'connect.host_blocked': {
    actor: 'dba',
    remedy:
      'Free the host (FLUSH HOSTS) and find out who breaks logins from it: health checks that open a port and hang up often do.',
  },
  'connect.offline_mode': {
    actor: 'dba',
    remedy:
      'Turn offline_mode off, or grant CONNECTION_ADMIN to the login of unleak, which then gets in all the same.',
  },
  'connect.admin_port': { actor: 'operator', remedy: "Write the server's ordinary port for this target." },
  'connect.unsupported_version': {
    actor: 'dba',
    remedy: 'Upgrade the server. unleak needs PostgreSQL 13, MySQL 8.0 or MariaDB 10.6.',
  },
  'snapshot.privileges': {
    actor: 'dba',
    remedy: 'Grant what is named above. The next sweep works without a deployment.',
  },
  'snapshot.statement_timeout': { actor: 'dba', remedy: askServer },
  'snapshot.malformed': {
    actor: 'dba',
    remedy:
      'Name the host and port of the server itself. If they are right, report a defect of unleak with the server and its version.',
  },
  'snapshot.too_large': {
    actor: 'dba',
    remedy:
      'Find out what fills the answer: track_activity_query_size, or very many sessions. The runbook has the limits.',
  },
  'snapshot.server_exhausted': { actor: 'dba', remedy: freeServer },
  'snapshot.server_damaged': { actor: 'dba', remedy: repairServer },
  'snapshot.failed': { actor: 'dba', remedy: askServer },
  'deadline.exceeded': { actor: 'operator', remedy: slowAnswer },
  'publish.denied': { actor: 'aws', remedy: checkTopic },
  'publish.topic_missing': { actor: 'aws', remedy: checkTopic },
  'publish.throttled': {
    actor: 'aws',
    remedy: 'Nothing, if it happened once. If it repeats, raise the quota of SNS.',
  },
  'publish.process_limit': { actor: 'operator', remedy: ownProcess },
  'publish.unreachable': {
    actor: 'aws',
    remedy: 'Give the function a way to SNS: a VPC endpoint, or a NAT gateway.',
  },
  'publish.failed': { actor: 'aws', remedy: checkTopic },
  'publish.history': { actor: 'aws', remedy: checkTopic },
  'invariant.unexpected': { actor: 'operator', remedy: reportDefect },
} as const satisfies Readonly<Record<`${Lowercase<FaultKind>}.${string}`, KnownFault>>;

/** A public, dotted code: `connect.too_many_connections`. */
export type FaultCode = keyof typeof faultCodes;

/** The kind that a code begins with. */
export function kindOf(code: FaultCode): FaultKind {
  return kinds[code.slice(0, code.indexOf('.')) as Lowercase<FaultKind>];
}

/** Who can fix it and what to do; null for a code that this release does not know, as in an older report. */
export function knownFault(code: string): KnownFault | null {
  return Object.hasOwn(faultCodes, code) ? faultCodes[code as FaultCode] : null;
}

const kinds: Readonly<Record<Lowercase<FaultKind>, FaultKind>> = {
  config: 'Config',
  credentials: 'Credentials',
  connect: 'Connect',
  snapshot: 'Snapshot',
  publish: 'Publish',
  deadline: 'Deadline',
  invariant: 'Invariant',
};
