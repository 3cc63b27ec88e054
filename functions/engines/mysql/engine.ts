import type { Engine } from '../engine.ts';
import { connect } from './connection/connect.ts';

/** MySQL 8.0 and newer and MariaDB 10.6 and newer; which of the two it is, the server says when we log in. */
export const mysqlEngine: Engine = {
  // Each session is checked and ended in a packet of its own, so a wire that is cut leaves the fate of one in the dark (decision 79).
  batchSize: 1,
  connect,
};
