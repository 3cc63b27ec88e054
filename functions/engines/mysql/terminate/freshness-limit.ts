import type { Variant } from '../connection/server.ts';
import { nobody } from './no-such-id.ts';
import { errnoOf } from '../connection/to-fault.ts';
import type { Procedures, WayToEnd } from './kill-methods.ts';
import type { Wire } from '../connection/wire.ts';

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

/** To call RDS's takes longer than KILL does; on MySQL a trial cannot have it, since it would fail as a whole. */
const byRds: Trial = { ...ofMysql, patience: 6, leastUs: 250 };

function trialOf(variant: Variant, way: WayToEnd): Trial {
  if (variant === 'mysql') return way !== 'kill' && way.looksUp ? byRds : ofMysql;
  // KILL QUERY ID goes through all sessions: 70 µs beside 1,000 of them, 172 beside 3,000 (measured).
  if (way === 'kill')
    return { packet: toTrial('1957', `KILL QUERY ID ${nobody}`), patience: 4, leastUs: 150, mostUs: 1_500 };
  if (!way.looksUp) {
    const both = `CALL ${way.killQuery}(${nobody}); CALL ${way.kill}(SYSDATE(6), ${nobody}, 0)`;
    return { packet: toTrial('1957, 1094', both), patience: 2, leastUs: 200, mostUs: 3_000 };
  }
  // It reads the process list: some milliseconds beside 1,000 sessions.
  const call = toTrial('1094', `CALL ${way.kill}(${nobody})`);
  return { packet: call, patience: 2, leastUs: 250, mostUs: 20_000 };
}

const countOfTrials = 10;

/** For how long the last look at a session is believed when it is ended this way, in microseconds. */
export type FreshnessLimit = (way: WayToEnd) => Promise<number>;

/** Measures each way at most once for a connection. */
export function createFreshnessLimit(wire: Wire, variant: Variant): FreshnessLimit {
  const known = new Map<string, number>();
  return async (way) => {
    const name = way === 'kill' ? way : way.kill;
    const measured = known.get(name);
    if (measured !== undefined) return measured;
    if (variant === 'mysql' && way !== 'kill' && !way.looksUp) await warmUp(wire, way);
    const freshForUs = await measure(wire, trialOf(variant, way));
    known.set(name, freshForUs);
    return freshForUs;
  };
}

/** The first call of a procedure takes milliseconds, since the server reads it; this one ends nobody. What is wrong with it, the end tells. */
async function warmUp(wire: Wire, { kill }: Procedures): Promise<void> {
  try {
    await wire.ask(`CALL ${kill}(SYSDATE(6), ${nobody}, 0)`);
  } catch (error) {
    if (errnoOf(error) === null) throw error;
  }
}

/**
 * The quickest of some trials tells how fast the server is; how busy it is must not count, since it is then that a session wakes
 * up between look and KILL.
 */
async function measure(wire: Wire, { packet, patience, leastUs, mostUs }: Trial): Promise<number> {
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

/** A block of MariaDB's that tries to end nobody, which fails with these errors. */
function toTrial(errnos: string, statement: string): string {
  return `BEGIN NOT ATOMIC
    DECLARE CONTINUE HANDLER FOR ${errnos} BEGIN END;
    SET @unleak_at = SYSDATE(6);
    ${statement};
    ${keepQuickest};
  END`;
}
