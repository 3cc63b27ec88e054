/** A session as the server lists it, in words of both products; the details of other tables come on top in to-session. */
export interface Seen {
  readonly id: string;
  /** Stays equal while the connection lives. */
  readonly connection: string;
  /** Stays equal while the session is not used again; null where the server keeps nothing of the kind. */
  readonly use: string | null;
  readonly user: string | null;
  readonly client: string;
  readonly database: string;
  readonly command: string;
  /** The server's own word for what it does, its STATE; null where there is none. */
  readonly serverState: string | null;
  /** A thread of the server itself. */
  readonly isInternal: boolean;
  /** A thread that replicates, as far as its name tells. */
  readonly isReplica: boolean;
  /** Asleep, but with a statement that has begun: it woke up while we were reading. */
  readonly isWaking: boolean;
  readonly stateMs: number | null;
  /** Whether it has a transaction open, by the server's own events; null where they are not recorded. */
  readonly isInTransaction: boolean | null;
  readonly transactionMs: number | null;
  /** Whether that is a branch of XA; null where it is not recorded. */
  readonly isXa: boolean | null;
  readonly statement: string | null;
  /** Whether the statement may go on beyond what the server shows. */
  readonly isStatementCut: boolean;
}
