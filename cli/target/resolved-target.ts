import type { Secrets } from '../../functions/aws/ports.ts';
import type { Mode, Target } from '../../functions/contract/target.ts';
import type { ChosenPolicy } from './policies.ts';

/** How the command line says which server and which policy are meant. */
export interface AimOptions {
  readonly config?: string;
  readonly url?: string;
  readonly policy?: string;
}

/** One server, with how to log in there, and the policy for it where one is known. */
export interface ResolvedTarget {
  readonly target: Target;
  /** What people call it: the target's name in the file, or the host and port of a connection URL. */
  readonly label: string;
  readonly policy: ChosenPolicy | null;
  readonly secrets: Secrets;
  /** Where the login comes from, in words: a secret's name or `the connection URL`. */
  readonly loginFrom: string;
  /** For how many days the file keeps recorded sweeps; left out where there is no file. */
  readonly keepDays?: number;
  /** What a schedule would send to the Lambda for this target and policy. */
  toEvent(mode: Mode): Readonly<Record<string, unknown>>;
}
