import { expect, test } from 'vitest';
import { toFault } from '../../../functions/engines/mysql/connection/to-fault.ts';

test.each([
  [1040, 'connect.too_many_connections', 'connect.too_many_connections'],
  [1203, 'connect.too_many_connections', 'connect.too_many_connections'],
  [1226, 'connect.too_many_connections', 'connect.too_many_connections'],
  [1041, 'connect.server_exhausted', 'snapshot.server_exhausted'],
  [1037, 'connect.server_exhausted', 'snapshot.server_exhausted'],
  [1038, 'connect.server_exhausted', 'snapshot.server_exhausted'],
  [1135, 'connect.server_exhausted', 'snapshot.server_exhausted'],
  [1461, 'connect.server_exhausted', 'snapshot.server_exhausted'],
  [1021, 'connect.server_exhausted', 'snapshot.server_exhausted'],
  [28, 'connect.server_exhausted', 'snapshot.server_exhausted'],
  [24, 'connect.server_exhausted', 'snapshot.server_exhausted'],
  [4082, 'connect.server_exhausted', 'snapshot.server_exhausted'],
  [3, 'connect.server_damaged', 'snapshot.server_damaged'],
  [1030, 'connect.server_damaged', 'snapshot.server_damaged'],
  [3168, 'connect.shutting_down', 'connect.shutting_down'],
  [1064, 'connect.failed', 'snapshot.failed'],
])('error %i is %s at the login and %s at a statement', (errno, atLogin, atStatement) => {
  const error = Object.assign(new Error('raw text of the driver'), { errno });
  expect(toFault(error, 'connect').code).toBe(atLogin);
  expect(toFault(error, 'snapshot').code).toBe(atStatement);
  expect(toFault(error, 'snapshot').message).not.toContain('raw text');
});
