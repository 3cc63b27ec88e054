import { describe, expect, test } from 'vitest';
import type { Fault } from '../../../functions/core/model/fault.ts';
import {
  toConnectFault,
  toDeadlineFault,
  toStatementFault,
} from '../../../functions/engines/postgres/connection/to-fault.ts';

const place = { host: 'db.example', port: 5432, user: 'sweeper', database: 'shop', tls: 'off' as const };
const serverError = (code: string) =>
  Object.assign(new Error('raw text of the driver'), { code, severity: 'FATAL' });
const nodeError = (code: string) => Object.assign(new Error('raw text of the driver'), { code });

const logins: readonly (readonly [error: unknown, kind: string, code: string])[] = [
  [serverError('28P01'), 'Credentials', 'credentials.login_refused'],
  [serverError('28000'), 'Credentials', 'credentials.login_refused'],
  [serverError('3D000'), 'Connect', 'connect.unknown_database'],
  [serverError('53300'), 'Connect', 'connect.too_many_connections'],
  [serverError('57P05'), 'Connect', 'connect.time_limit'],
  [serverError('25P04'), 'Connect', 'connect.time_limit'],
  [serverError('53100'), 'Connect', 'connect.server_exhausted'],
  [serverError('53200'), 'Connect', 'connect.server_exhausted'],
  [serverError('53400'), 'Connect', 'connect.server_exhausted'],
  [serverError('58030'), 'Connect', 'connect.server_damaged'],
  [serverError('58P01'), 'Connect', 'connect.server_damaged'],
  [serverError('57P03'), 'Connect', 'connect.shutting_down'],
  [serverError('42501'), 'Connect', 'connect.database_refused'],
  [serverError('XX000'), 'Connect', 'connect.failed'],
  [nodeError('ECONNREFUSED'), 'Connect', 'connect.refused'],
  [nodeError('ECONNRESET'), 'Connect', 'connect.lost'],
  [nodeError('ERR_SSL_WRONG_VERSION_NUMBER'), 'Connect', 'connect.tls_failed'],
  [new Error('Connection terminated unexpectedly'), 'Connect', 'connect.failed'],
  ['not even an error', 'Connect', 'connect.failed'],
];

const statements: readonly (readonly [error: unknown, kind: string, code: string])[] = [
  [serverError('57014'), 'Snapshot', 'snapshot.statement_timeout'],
  [serverError('55P03'), 'Snapshot', 'snapshot.statement_timeout'],
  [serverError('42501'), 'Snapshot', 'snapshot.privileges'],
  [serverError('57P01'), 'Connect', 'connect.shutting_down'],
  [serverError('57P05'), 'Connect', 'connect.time_limit'],
  [serverError('25P03'), 'Connect', 'connect.time_limit'],
  [serverError('25P04'), 'Connect', 'connect.time_limit'],
  [serverError('57P04'), 'Connect', 'connect.unknown_database'],
  [serverError('53000'), 'Snapshot', 'snapshot.server_exhausted'],
  [serverError('53100'), 'Snapshot', 'snapshot.server_exhausted'],
  [serverError('53200'), 'Snapshot', 'snapshot.server_exhausted'],
  [serverError('53400'), 'Snapshot', 'snapshot.server_exhausted'],
  [serverError('58030'), 'Snapshot', 'snapshot.server_damaged'],
  [serverError('XX001'), 'Snapshot', 'snapshot.server_damaged'],
  [serverError('XX000'), 'Snapshot', 'snapshot.failed'],
  [nodeError('ECONNRESET'), 'Connect', 'connect.lost'],
  [nodeError('EPIPE'), 'Connect', 'connect.lost'],
  [new Error('Connection terminated unexpectedly'), 'Connect', 'connect.lost'],
];

describe('faults', () => {
  test.each(logins)('%s at the login is %s %s', (error, kind, code) => {
    const fault = toConnectFault(error, place);
    expect(fault).toMatchObject({ kind, code, step: 'connect', cause: error });
    expectPublishable(fault);
  });

  test.each(statements)('%s at a statement is %s %s', (error, kind, code) => {
    const fault = toStatementFault(error, place, 'snapshot');
    expect(fault).toMatchObject({ kind, code, step: 'snapshot', cause: error });
    expectPublishable(fault);
  });

  test('a fault stays the fault it is', () => {
    const fault = toDeadlineFault(place, 'terminate');
    expect(toStatementFault(fault, place, 'snapshot')).toBe(fault);
    expect(toConnectFault(fault, place)).toBe(fault);
  });

  test('an SQLSTATE that means nothing to us is told, its wording is not', () => {
    expect(toStatementFault(serverError('XX000'), place, 'snapshot').message).toContain('XX000');
  });
});

function expectPublishable(fault: Fault): void {
  expect(fault.message).toContain('db.example:5432');
  expect(fault.message).not.toContain('raw text');
}
