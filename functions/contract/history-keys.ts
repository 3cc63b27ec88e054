/** Where the bucket holds one object for each target, written by every sweep: its age says when the last one was. */
export const historyPrefix = 'state/';
/** What the watch itself remembers. */
export const watchKey = 'watch/state.json.gz';

/** The target whose history a key holds; null for all other keys. */
export function targetOfHistoryKey(key: string): string | null {
  const [, target] = /^state\/target=([^/]+)\/history\.json\.gz$/.exec(key) ?? [];
  return target === undefined ? null : decodeURIComponent(target);
}
