import type { Engine } from '../engine.ts';
import { connect } from './connection/connect.ts';

/** PostgreSQL 13 to 18. Batches of 25: measured at 22 ms or less each, so the check is that old at the last signal. */
export const postgresEngine: Engine = { batchSize: 25, connect };
