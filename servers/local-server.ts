/** The certificate and private key, both PEM, that a server shows to clients that ask for TLS; plain connections stay possible. */
export interface TlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** What may be asked of every private server; `signal` gives up the start and has no meaning afterwards. */
export interface StartOptions {
  readonly settings?: Readonly<Record<string, string>>;
  readonly tls?: TlsFiles;
  readonly signal?: AbortSignal;
}

/** The database products that can be started. */
export type ServerKind = 'postgres' | 'mysql' | 'mariadb';

/** A private throw-away database server on the loopback interface that answers queries until it is stopped. */
export interface LocalServer {
  readonly kind: ServerKind;
  readonly version: string;
  readonly host: string;
  readonly port: number;
  readonly adminUser: string;
  readonly adminPassword: string;
  readonly pid: number;
  /** The folder with the server's data, gone after `stop()`. */
  readonly dataFolder: string;
  /** The last lines of the server's own log, for diagnosis. */
  recentLog(): string;
  /** Ends the process, waits for it, removes its files; a second call returns the first one's promise. */
  stop(): Promise<void>;
}
