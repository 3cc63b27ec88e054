import type { ServerKind } from '../../servers/local-server.ts';

/** What applications do on one engine. The waking statement leaves a receipt that no rollback and no KILL undoes. */
export interface Work {
  /** Run once after the login. */
  readonly first: readonly string[];
  /** Tables and the like for so many sessions. */
  setUp(sessions: number): readonly string[];
  wake(session: number, receipt: number): string;
  /** The last statement is quick. */
  transaction(session: number): readonly string[];
  /** The last receipt of a session, as `receipt`. */
  receipt(session: number): string;
}

/** At most this long one statement within a transaction works, in milliseconds. */
const longestMs = 30;
const work = () => Math.random() * longestMs;

const postgres: Work = {
  first: [],
  setUp: (sessions) => [
    'create table stock (id int primary key, pieces int)',
    `insert into stock select id, 0 from generate_series(0, ${sessions}) id`,
    `do $$ begin for i in 0..${sessions} loop execute format('create sequence receipt_%s', i); end loop; end $$`,
    'grant all on all tables in schema public to shop',
    'grant all on all sequences in schema public to shop',
  ],
  wake: (session, receipt) => `select setval('receipt_${session}', ${receipt})`,
  transaction: (session) => [
    'begin',
    `update stock set pieces = pieces + 1 where id = ${session}`,
    `select pg_sleep(${work() / 1_000})`,
    'commit',
  ],
  receipt: (session) => `select last_value as receipt from receipt_${session}`,
};

const mysql: Work = {
  first: [],
  setUp: (sessions) => [
    'CREATE TABLE shop.stock (id int PRIMARY KEY, pieces int)',
    'CREATE TABLE shop.receipts (id int PRIMARY KEY, receipt int) ENGINE = MEMORY',
    ...Array.from({ length: sessions + 1 }, (_, id) => `INSERT INTO shop.stock VALUES (${id}, 0)`),
    ...Array.from({ length: sessions + 1 }, (_, id) => `INSERT INTO shop.receipts VALUES (${id}, 0)`),
  ],
  wake: (session, receipt) => `UPDATE receipts SET receipt = ${receipt} WHERE id = ${session}`,
  transaction: (session) => [
    'START TRANSACTION',
    `UPDATE stock SET pieces = pieces + 1 WHERE id = ${session}`,
    `SELECT SLEEP(${work() / 1_000})`,
    'COMMIT',
  ],
  receipt: (session) => `SELECT receipt FROM receipts WHERE id = ${session}`,
};

/** The work on each engine. */
export const works: Readonly<Record<ServerKind, Work>> = { postgres, mysql, mariadb: mysql };
