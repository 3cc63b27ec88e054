import type { Flavour } from './server.ts';
import { errnoOf } from './to-fault.ts';
import type { Wire } from './wire.ts';

/** A look is believed for so many times what is between it and KILL on this server when nothing else disturbs it. */
const patience = 5;
/** In microseconds: what the quickest server gets, and the slowest. */
const [leastUs, mostUs] = [150, 1_000];
const trials = 10;

/**
 * For how long the last look at a session is believed here, in microseconds. The quickest of some trials tells how fast the
 * server is; how busy it is must not count, since it is then that a session wakes up between look and KILL.
 */
export async function measureBelief(wire: Wire, flavour: Flavour): Promise<number> {
  const look =
    flavour === 'mariadb'
      ? 'SET @unleak_at = SYSDATE(6)'
      : `SELECT COUNT(*), MAX(SYSDATE(6)) INTO @unleak_same, @unleak_at FROM performance_schema.events_statements_current s
          WHERE s.thread_id = PS_CURRENT_THREAD_ID() AND s.nesting_event_level = 0`;
  const trial = `${look}; SET @unleak_least = LEAST(@unleak_least, TIMESTAMPDIFF(MICROSECOND, @unleak_at, SYSDATE(6)))`;
  const packet = [
    `SET @unleak_least = ${mostUs}`,
    ...Array<string>(trials).fill(trial),
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
