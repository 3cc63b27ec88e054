import type { WayToEnd } from './privileges.ts';
import type { Flavour } from './server.ts';
import { errnoOf } from './to-fault.ts';
import type { Wire } from './wire.ts';

/** What is between the last look and KILL, as `endSql` has it; and for how many times as long as that takes a look is believed. */
interface Trial extends Patience {
  readonly look: string;
}

interface Patience {
  readonly patience: number;
  /** In microseconds: what the quickest server gets. */
  readonly leastUs: number;
}

/** To call a procedure takes longer than KILL does, and a trial cannot have it: it would end somebody or fail. */
const forProcedure: Patience = { patience: 6, leastUs: 250 };

const trials: Readonly<Record<Flavour, Trial>> = {
  // Half of the time is the look itself. A packet on its own takes up to three times what the quickest trial of many took (measured).
  mysql: {
    look: `SET @unleak_at = SYSDATE(6), @unleak_same = (SELECT COUNT(*) FROM performance_schema.events_statements_current s
      WHERE s.thread_id = PS_CURRENT_THREAD_ID() AND s.nesting_event_level = 0)`,
    patience: 4,
    leastUs: 120,
  },
  mariadb: { look: 'SET @unleak_at = SYSDATE(6)', patience: 5, leastUs: 150 },
};

const countOfTrials = 10;
/** In microseconds: what the slowest server gets. */
const mostUs = 1_000;

/**
 * For how long the last look at a session is believed here, in microseconds. The quickest of some trials tells how fast the
 * server is; how busy it is must not count, since it is then that a session wakes up between look and KILL.
 */
export async function measureBelief(wire: Wire, flavour: Flavour, way: WayToEnd): Promise<number> {
  const { look, patience, leastUs } = { ...trials[flavour], ...(way === 'rds_kill' && forProcedure) };
  const trial = `${look}; SET @unleak_least = LEAST(@unleak_least, TIMESTAMPDIFF(MICROSECOND, @unleak_at, SYSDATE(6)))`;
  const packet = [
    `SET @unleak_least = ${mostUs}`,
    ...Array<string>(countOfTrials).fill(trial),
    'SELECT @unleak_least AS us',
  ];
  try {
    const [row] = await wire.ask(packet.join('; '));
    return Math.min(mostUs, Math.max(leastUs, patience * Number(row?.['us'] ?? mostUs)));
  } catch (error) {
    // Without performance_schema nobody is ended either; whatever else the server has against it, it says again at the end.
    if (errnoOf(error) === null) throw error;
    return leastUs;
  }
}
