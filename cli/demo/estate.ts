/** The login that the demo makes for unleak, with no more rights than docs ask for. */
export interface DemoLogin {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  readonly dbname: string;
}

/** A small believable application on one server, leaking, while its healthy part goes on working. */
export interface Estate {
  readonly login: DemoLogin;
  /** What the healthy web pool has done so far. */
  health(): Health;
  /** Ends everything that the application opened. */
  close(): Promise<void>;
}

/** The healthy pool's own account of itself: its requests are its judges. */
export interface Health {
  readonly requests: number;
  readonly failed: number;
  /** How long the blocked checkout waited until it went through, in milliseconds; null while it waits. */
  readonly checkoutWaitedMs: number | null;
}

/** How many of each the demo opens, the same on every engine. */
export const sizes = { web: 5, reports: 14 } as const;
