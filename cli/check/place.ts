import type { Login } from '../../functions/engines/engine.ts';

/** What it takes to reach a server, without logging in. */
export type Place = Pick<Login, 'host' | 'port' | 'tls'>;
