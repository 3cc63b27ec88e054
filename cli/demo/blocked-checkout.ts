/** A session of the demo's application, whatever its driver. */
export interface Queryable {
  query(sql: string): Promise<unknown>;
}

const takeOne = 'UPDATE stock SET pieces = pieces - 1 WHERE id = 7';

/** A transaction that somebody forgot, and a checkout that waits for it; the answer is how long it waited, null while it does. */
export async function openBlockedCheckout(
  open: (application: string, first?: string) => Promise<Queryable>,
): Promise<() => number | null> {
  const stuck = await open('shop-admin', 'BEGIN');
  await stuck.query(takeOne);
  const waiting = await open('shop-checkout');
  const since = Date.now();
  let waitedMs: number | null = null;
  void waiting.query(takeOne).then(
    () => (waitedMs = Date.now() - since),
    () => undefined, // the demo ended first
  );
  return () => waitedMs;
}
