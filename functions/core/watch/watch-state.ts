/** When subscribers were last told that a target is not swept, and whether it is over. */
export interface ToldUnswept {
  readonly atMs: number;
  readonly isOver: boolean;
}

/** What the watch remembers from one run to the next. */
export interface WatchState {
  readonly ranAtMs: number;
  readonly isStopped: boolean;
  readonly known: readonly string[];
  /** Since when sweeps of a target are due, where none was seen since: it is new, or everything was stopped. */
  readonly since: Readonly<Record<string, number>>;
  readonly notified: Readonly<Record<string, ToldUnswept>>;
}
