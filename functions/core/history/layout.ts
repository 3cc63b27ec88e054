/* Hive-style keys, which DuckDB and Athena read as the columns `target` and `date`; the same in a bucket and in a folder. */

/** The one small object of a target. */
export function stateKey(target: string): string {
  return `state/target=${safe(target)}/history.json.gz`;
}

/** Where releases before the history kept a target's last notification. */
export function oldStateKey(target: string): string {
  return `news/${safe(target)}.json`;
}

/** Everything that was recorded of a target on one day, UTC; `date` is such as 2026-01-31. */
export function dayPrefix(target: string, date: string): string {
  return `${targetPrefix(target)}date=${date}/`;
}

/** Everything that was recorded of a target. */
export function targetPrefix(target: string): string {
  return `sweeps/target=${safe(target)}/`;
}

/** One recorded sweep, at an ISO 8601 instant in UTC; the keys of a day sort by time. */
export function sweepKey(target: string, at: string, sweepId: string): string {
  const time = at.slice(11, 23).replaceAll(':', '-');
  return `${dayPrefix(target, at.slice(0, 10))}${time}Z-${safe(sweepId).slice(0, 36)}.json.gz`;
}

/** The instant that a key of a recorded sweep names, ISO 8601; null for all other keys. */
export function instantOf(key: string): string | null {
  const found = /\/date=(\d{4}-\d\d-\d\d)\/(\d\d)-(\d\d)-(\d\d\.\d{3})Z-/.exec(key);
  return found ? `${found[1] ?? ''}T${found[2] ?? ''}:${found[3] ?? ''}:${found[4] ?? ''}Z` : null;
}

/** Where an object goes that unleak did not write. */
export function setAsideKey(target: string, at: string): string {
  return `set-aside/target=${safe(target)}/${at.replaceAll(':', '-')}.bin`;
}

/** A broken event may name its target with anything, also with slashes and dots. */
function safe(name: string): string {
  return encodeURIComponent(name).replaceAll('*', '%2A');
}
