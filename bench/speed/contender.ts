import type { AppLogin } from '../chaos/app-connection.ts';

/** A program that ends idle sessions, as its users start it. */
export interface Contender {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Whose sessions, by which login, and after how long asleep. */
export interface Quarry {
  readonly login: AppLogin;
  readonly idleMs: number;
}
