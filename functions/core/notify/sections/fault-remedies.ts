/** What to do about a fault, by its public code. */
export const remedyByCode: Readonly<Record<string, string>> = {
  'connect.too_many_connections':
    'Free a slot now, for instance by restarting the application that holds most of them. Then keep one for unleak, as the runbook describes, so that it can help the next time.',
  'connect.unknown_host':
    'Check the host of this target in unleak.yaml or in its secret, and that the function can resolve names in its network.',
  'connect.timeout':
    "Check that the server is up, and that the database's security group lets the function's security group in on its port.",
  'connect.unreachable': "Check the routes and network rules between the function's subnets and the server.",
  'connect.refused': 'Check the port, and whether the server is up or restarting.',
  'connect.shutting_down': 'Nothing, if the restart is planned. Otherwise look at the server.',
  'connect.host_not_allowed':
    "Let unleak's login in from the function's addresses, in pg_hba.conf or in the account's host.",
  'connect.pooler':
    "Write the server's own host and port for this target, not those of PgBouncer, RDS Proxy, ProxySQL or another pooler.",
  'connect.host_blocked':
    'Free the host (FLUSH HOSTS) and find out who breaks logins from it: health checks that open a port and hang up often do.',
  'connect.offline_mode':
    'Turn offline_mode off, or grant CONNECTION_ADMIN to the login of unleak, which then gets in all the same.',
  'connect.admin_port': "Write the server's ordinary port for this target.",
  'connect.login_trigger':
    'Let the login of unleak past the code that runs at every login, or repair that code.',
  'connect.unsupported_version': 'Upgrade the server. unleak needs PostgreSQL 13, MySQL 8.0 or MariaDB 10.6.',
  'connect.database_refused':
    'Name another database in unleak.yaml, or grant CONNECT on this one. On PostgreSQL any database will do.',
  'connect.unknown_database': 'Check the database of this target in unleak.yaml or in its secret.',
  'connect.certificate_host': 'Use the host name that the certificate is for, not an alias or an address.',
  'connect.certificate_authority':
    'Set `tls` of this target to the authority that signed the certificate; `rds` trusts the RDS roots only.',
  'connect.certificate_expired': "Renew the server's certificate.",
  'connect.tls_refused': 'Turn on TLS on the server. unleak sends no password without it.',
  'connect.tls_required': 'Remove `tls: off` from this target in unleak.yaml.',
  'credentials.login_refused':
    'Check the user name and the password in the secret. Every run reads it afresh, so nothing has to be deployed.',
  'credentials.account_locked':
    'Unlock the account (ALTER USER … ACCOUNT UNLOCK), or name another in the secret.',
  'credentials.password_expired':
    'Change the password in the database and in the secret. PASSWORD EXPIRE NEVER spares a robot this.',
  'credentials.unsupported_method':
    'Give unleak an account that logs in by a password: caching_sha2_password on MySQL, mysql_native_password on MariaDB.',
  'credentials.secret_denied': 'Allow the function to read the secret, and to use the key that encrypts it.',
  'credentials.secret_missing': 'Create the secret, or correct its name in unleak.yaml.',
  'credentials.secret_deleted': 'Restore the secret, or name another one in unleak.yaml.',
  'credentials.secret_unreachable':
    'Give the function a way to Secrets Manager: a VPC endpoint, or a NAT gateway.',
  'snapshot.privileges': 'Grant what is named above. The next sweep works without a deployment.',
  'publish.unreachable': 'Give the function a way to SNS: a VPC endpoint, or a NAT gateway.',
};

/** What to do about a fault whose code says nothing more, by its kind. */
export const remedyByKind: Readonly<Record<string, string>> = {
  Config: 'Correct the configuration and deploy again. Every sweep fails in the same way until then.',
  Credentials: 'Check the secret and its login. Every run reads it afresh, so nothing has to be deployed.',
  Connect: 'Check that the server is up, and that the function can reach it.',
  Snapshot: 'Check the health of the server, and what its log says about the login of unleak.',
  Publish: 'Check the topic, its policy and its encryption key.',
  Deadline: 'The server or the network answered slowly. If this repeats, look at their load first.',
  Invariant: 'Report a defect of unleak, with the code and the log of this sweep.',
};
