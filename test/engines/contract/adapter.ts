import type { Engine, Login } from '../../../functions/engines/engine.ts';
import type { ProvidedServer } from '../../servers/global-setup.ts';

/** What a login of ours has been granted: `nothing` beyond logging in. */
export type Granted = 'see and end' | 'see' | 'nothing';

/** An application's session under test. Its methods resolve once the server itself shows the effect. */
export interface TestSession {
  readonly id: string;
  readonly user: string;
  readonly database: string;
  readonly application: string;
  /** Runs a statement that changes nothing; the session is then idle, or idle in its transaction. */
  work(): Promise<void>;
  /** Begins a transaction that holds the lock of the estate's one row. */
  begin(): Promise<void>;
  commit(): Promise<void>;
  /** Starts a statement that takes a minute; the promise inside settles when it ends. */
  run(): Promise<{ readonly ended: Promise<void> }>;
  /** Asks for the row that another session holds, and waits; the promise inside settles when it has it. */
  queueForRow(): Promise<{ readonly ended: Promise<void> }>;
  /** Asks for the whole table for itself, and waits for all who use it. */
  queueForTable(): Promise<{ readonly ended: Promise<void> }>;
  /** Reads the table, and waits for who asked for all of it before. */
  queueBehindTable(): Promise<{ readonly ended: Promise<void> }>;
  /** Asks for the user lock that the session of this id holds, and waits. */
  queueForUserLock(of: string): Promise<{ readonly ended: Promise<void> }>;
  /** Leaves a transaction behind that nobody has and that holds the row of the estate; its name as the server wants it, and how to end it. */
  detach(): Promise<{ readonly name: string; readonly end: () => Promise<void> }>;
  /** Takes an advisory or user lock that stays until it is freed or the session ends. */
  takeUserLock(): Promise<void>;
  /** Whether the server still answers this session. */
  answers(): Promise<boolean>;
  close(): Promise<void>;
}

/** A session with a name of its own, which runs any statement. */
export interface NamedSession {
  readonly id: string;
  run(sql: string): Promise<unknown>;
}

/** What the contract suite needs of one server, beside the engine. */
export interface Adapter {
  readonly engine: Engine;
  readonly server: ProvidedServer;
  /** Ages may be this much off. */
  readonly ageToleranceMs: number;
  /** The server's code for a session that we may not end. */
  readonly refusalCode: string;
  /** Makes the estate: a database, its table with one row, and the application's accounts. */
  setUp(): Promise<void>;
  /** Removes all that was made, sessions included. */
  tearDown(): Promise<void>;
  /** A new account each time, TLS off. */
  createLogin(granted: Granted): Promise<Login>;
  /** `limit`: a new account that may have so many sessions; `superuser`: one that nobody else may end. */
  open(as?: 'application' | 'superuser' | { readonly limit: number }): Promise<TestSession>;
  /** A session of this very login, of a program that calls itself so; closed when the test ends. */
  openAs(login: Login, program: string): Promise<NamedSession>;
  /** What anybody can run to hold a lock of unleak's name. */
  readonly holdLock: readonly string[];
  /** What makes a session show the mark of a sweep. */
  readonly mark: string;
  /** Keeps a session at work for a minute. */
  readonly hang: string;
  /** As administrator. */
  execute(sql: string): Promise<void>;
  countSessionsOf(user: string): Promise<number>;
  /** The server's clock, milliseconds since 1970. */
  nowMs(): Promise<number>;
}
