import type { ServerKind } from '../../servers/local-server.ts';

type Mysqls = Exclude<ServerKind, 'postgres'>;

const kills: Readonly<Record<Mysqls, Readonly<Record<string, string>>>> = {
  mysql: { rds_kill: 'KILL', rds_kill_query: 'KILL QUERY' },
  mariadb: { rds_kill: 'KILL', rds_kill_query_id: 'KILL QUERY ID' },
};

/**
 * Statements that make a server give KILL as RDS does, by procedures only, to logins who may call them. RDS's own look their
 * number up in the process list before they end it, to spare the provider's sessions; so do these. RDS could not be run here.
 */
export function createRdsProcedures(kind: Mysqls): readonly string[] {
  return Object.entries(kills[kind]).map(
    ([name, kill]) => `CREATE PROCEDURE mysql.${name}(IN number BIGINT) SQL SECURITY DEFINER BEGIN
      DECLARE who VARCHAR(128);
      SELECT MAX(user) INTO who FROM information_schema.processlist WHERE id = number;
      IF who = 'rdsadmin' THEN SIGNAL SQLSTATE '45000'; ELSE ${kill} number; END IF; END`,
  );
}

/** The privileges on them, as GRANT wants them. */
export function rdsPrivileges(kind: Mysqls): readonly string[] {
  return Object.keys(kills[kind]).map((name) => `EXECUTE ON PROCEDURE mysql.${name}`);
}
