import type { Ending } from './end-process.ts';
import type { ServerKind } from './local-server.ts';

/** A server process that was started and may or may not live to answer. */
export interface ServerProcess {
  readonly pid: number;
  readonly logFile: string;
  readonly dataFolder: string;
  /** Removed with the process. */
  readonly ownFolder?: string;
}

/** What differs between the products: how one is spawned, asked for its version, and ended. */
export interface ServerPlan {
  readonly kind: ServerKind;
  readonly adminUser: string;
  readonly adminPassword: string;
  /** Removed when the server stops. */
  readonly folder: string;
  readonly ending: Ending;
  spawn(port: number): Promise<ServerProcess>;
  /** Resolves to the version once this very server answers a query, rejects until then. */
  askVersion(port: number, started: ServerProcess): Promise<string>;
}
