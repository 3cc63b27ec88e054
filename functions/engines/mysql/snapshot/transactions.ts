import { setTimeout as sleep } from 'node:timers/promises';
import { transactions } from './snapshot-sql.ts';
import type { Row } from '../connection/row.ts';
import type { Wire } from '../connection/wire.ts';

/** An open InnoDB transaction. */
export interface Transaction {
  readonly ageMs: number;
  readonly isRollingBack: boolean;
  readonly isWaiting: boolean;
  /** How long it has waited for a row; null when it does not. */
  readonly waitingMs: number | null;
}

/** All open transactions. */
export interface Transactions {
  /** By connection id. */
  readonly bySession: ReadonlyMap<string, Transaction>;
  /** The ages of those that InnoDB knows no connection of, such as prepared branches of XA. */
  readonly withoutSession: readonly number[];
}

/** The server renews the list only when nobody has read it for 100 ms; the waits differ, so as not to fall in step with a poller. */
const renewalsMs = [110, 150, 230, 370];

/**
 * The open transactions. The server shows a cached list of any age while others poll it, so we read it from
 * a transaction of our own, which locks nothing: only a new list shows that one running this very statement. Null when the
 * list stayed old.
 */
export async function readTransactions(wire: Wire): Promise<Transactions | null> {
  for (const waitMs of [0, ...renewalsMs]) {
    if (waitMs > 0) await sleep(waitMs);
    const rows = await readBesideOwn(wire, wire.nextMark());
    if (rows.some((row) => row['fresh'] === '1')) return toTransactions(rows);
  }
  return null;
}

async function readBesideOwn(wire: Wire, mark: number): Promise<readonly Row[]> {
  await wire.ask('START TRANSACTION WITH CONSISTENT SNAPSHOT');
  try {
    const rows = await wire.ask(transactions(mark));
    await wire.ask('COMMIT');
    return rows;
  } catch (error) {
    await wire.ask('COMMIT').catch(() => undefined); // the first error is the one to tell
    throw error;
  }
}

function toTransactions(rows: readonly Row[]): Transactions {
  const others = rows.filter((row) => row['ours'] !== '1');
  const [connected, orphaned] = [others.filter(hasSession), others.filter((row) => !hasSession(row))];
  return {
    bySession: new Map(connected.map((row) => [row['id'] ?? '', toTransaction(row)])),
    withoutSession: orphaned.map((row) => Number(row['age_ms'] ?? 0)),
  };
}

function hasSession(row: Row): boolean {
  return row['id'] !== '0';
}

function toTransaction(row: Row): Transaction {
  return {
    ageMs: Number(row['age_ms'] ?? 0),
    isRollingBack: row['rolling_back'] === '1',
    isWaiting: row['waiting'] === '1',
    waitingMs: row['waiting_ms'] == null ? null : Number(row['waiting_ms']),
  };
}
