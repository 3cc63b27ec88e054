import type { WayToEnd } from './privileges.ts';
import type { Flavour } from './server.ts';
import { nobody } from './nobody.ts';
import { errnoOf } from './to-fault.ts';
import type { Wire } from './wire.ts';

/** What is between the clock and KILL, as `endSql` has it; and for how many times as long as that takes a look is believed. */
interface Trial {
  readonly packet: string;
  readonly patience: number;
  /** In microseconds: what the quickest server gets, and what the slowest. */
  readonly leastUs: number;
  readonly mostUs: number;
}

const keepQuickest =
  'SET @unleak_least = LEAST(@unleak_least, TIMESTAMPDIFF(MICROSECOND, @unleak_at, SYSDATE(6)))';

const ofMysql: Trial = {
  // Half of the time is the look itself. A packet on its own takes up to three times what the quickest trial of many took (measured).
  packet: `SET @unleak_at = SYSDATE(6), @unleak_same = (SELECT COUNT(*) FROM performance_schema.events_statements_current s
    WHERE s.thread_id = PS_CURRENT_THREAD_ID() AND s.nesting_event_level = 0); ${keepQuickest}`,
  patience: 4,
  leastUs: 120,
  mostUs: 1_000,
};

const trials: Readonly<Record<Flavour, Readonly<Record<'kill' | 'rds_kill', Trial>>>> = {
  // To call a procedure takes longer than KILL does, and only its beginning can be bound.
  mysql: { kill: ofMysql, rds_kill: { ...ofMysql, patience: 6, leastUs: 250 } },
  mariadb: {
    // KILL QUERY ID goes through all sessions: 70 µs beside 1,000 of them, 172 beside 3,000 (measured).
    kill: { packet: toTrial(1957, `KILL QUERY ID ${nobody}`), patience: 2, leastUs: 150, mostUs: 1_000 },
    // The procedure reads the process list: some milliseconds beside 1,000 sessions.
    rds_kill: {
      packet: toTrial(1094, `CALL mysql.rds_kill(${nobody})`),
      patience: 2,
      leastUs: 250,
      mostUs: 20_000,
    },
  },
};

const countOfTrials = 10;
/**
 * For how long the last look at a session is believed here, in microseconds. The quickest of some trials tells how fast the
 * server is; how busy it is must not count, since it is then that a session wakes up between look and KILL.
 */
export async function measureBelief(wire: Wire, flavour: Flavour, way: WayToEnd): Promise<number> {
  const { packet, patience, leastUs, mostUs } = trials[flavour][way ?? 'kill'];
  const all = [
    `SET @unleak_least = ${mostUs}`,
    ...Array<string>(countOfTrials).fill(packet),
    'SELECT @unleak_least AS us',
  ];
  try {
    const [row] = await wire.ask(all.join('; '));
    return Math.min(mostUs, Math.max(leastUs, patience * Number(row?.['us'] ?? mostUs)));
  } catch (error) {
    // Without performance_schema nobody is ended either; whatever else the server has against it, it says again at the end.
    if (errnoOf(error) === null) throw error;
    return leastUs;
  }
}

/** A block of MariaDB's that tries to end nobody, which fails with this error. */
function toTrial(errno: number, statement: string): string {
  return `BEGIN NOT ATOMIC
    DECLARE CONTINUE HANDLER FOR ${errno} BEGIN END;
    SET @unleak_at = SYSDATE(6);
    ${statement};
    ${keepQuickest};
  END`;
}
