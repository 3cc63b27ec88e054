import { describe, expect, it } from 'vitest';
import type { SoftProtection } from '../../../../functions/contract/policy.ts';
import { decide } from '../../../../functions/core/decide/decide.ts';
import type { Decision } from '../../../../functions/core/model/plan.ts';
import type { Session } from '../../../../functions/core/model/session.ts';
import type { Snapshot } from '../../../../functions/core/model/snapshot.ts';
import { buildPolicy, buildSession, buildSnapshot } from '../../build-session.ts';

type Engine = Snapshot['engine'];

const pid = (value: string, more: Record<string, string> = {}) => ({
  attributes: { _pid: value, _client_name: 'libmysql', ...more },
});

/** The decision about a session beside another that is the cause of what is decided. */
function decideBeside(
  engine: Engine,
  cause: Partial<Session>,
  session: Partial<Session>,
  lift: SoftProtection[] = [],
): Decision {
  const sessions = [buildSession({ id: '4711', ...cause }), buildSession({ id: '8', ...session })];
  const policy = buildPolicy([{ state: ['idle', 'idle in transaction'] }], { lift });
  const found = decide(buildSnapshot(sessions, { engine }), policy).decisions.find(
    (decision) => decision.session.id === '8',
  );
  if (!found) throw new Error('no decision');
  return found;
}

const backingUp = { backingUp: true } as const;
const bare = { application: null };

describe('the other sessions of a process in the midst of a job are spared with it', () => {
  it.each<[string, Engine, Partial<Session>, Partial<Session>]>([
    ['same address and process id', 'mysql', { ...backingUp, ...pid('70') }, pid('70')],
    [
      'whatever their users',
      'mysql',
      { ...backingUp, ...pid('70'), user: 'root' },
      { ...pid('70'), user: 'backup' },
    ],
    ['no attributes at all: the same user', 'mariadb', { ...backingUp, ...bare }, bare],
    ['attributes of one were not kept', 'mysql', { ...backingUp, ...pid('70') }, bare],
    ['an unknown address', 'mariadb', { ...backingUp, ...bare, client: null }, bare],
    ['LOCK TABLES', 'mysql', { tableLock: true, ...pid('70') }, pid('70')],
    ['GET_LOCK', 'mysql', { advisoryLock: true, ...pid('70') }, pid('70')],
    ['GET_LOCK, no attributes', 'mariadb', { advisoryLock: true, ...bare }, bare],
    ['a tool’s name', 'mysql', { application: 'gh-ost', ...pid('70') }, { application: '', ...pid('70') }],
    ['PostgreSQL: user, address and program', 'postgres', { backingUp: true }, {}],
    [
      'PostgreSQL: an advisory lock, and a transaction',
      'postgres',
      { advisoryLock: true },
      { state: 'idle in transaction', transactionMs: 5_000 },
    ],
  ])('%s', (_what, engine, cause, session) => {
    const decision = decideBeside(engine, cause, session);
    expect(decision.verdict).toBe('protected');
    expect(decision.reason).toMatch(/same process as 4711, which /);
  });

  it.each<[string, Engine, Partial<Session>, Partial<Session>]>([
    ['another process id', 'mysql', { ...backingUp, ...pid('70') }, pid('71')],
    ['another address', 'mysql', { ...backingUp, ...pid('70') }, { ...pid('70'), client: '10.0.0.8' }],
    ['another user', 'mariadb', { ...backingUp, ...bare }, { ...bare, user: 'shop' }],
    ['another address, no attributes', 'mariadb', { ...backingUp, ...bare }, { ...bare, client: '10.0.0.8' }],
    ['another driver', 'mysql', { ...backingUp, ...pid('70') }, { attributes: { _client_name: 'Node' } }],
    ['a driver that sends nothing', 'mysql', { ...backingUp, ...pid('70') }, { attributes: {} }],
    ['PostgreSQL: another program', 'postgres', backingUp, { application: 'jobs' }],
    ['PostgreSQL: an advisory lock, and at rest', 'postgres', { advisoryLock: true }, {}],
    [
      'PostgreSQL: an advisory lock of another program',
      'postgres',
      { advisoryLock: true },
      { application: 'jobs', state: 'idle in transaction', transactionMs: 5_000 },
    ],
    ['a listener is no job', 'postgres', { listening: true }, {}],
    ['nor is a program that listens', 'postgres', { application: 'odoo-7' }, { application: 'web' }],
    ['nor a temporary table', 'mysql', { temporaryTable: true, ...pid('70') }, pid('70')],
    ['nor a branch of an XA transaction', 'mysql', { xa: true, ...pid('70') }, pid('70')],
    ['a doubt does not spread', 'mysql', { backingUp: null, ...pid('70') }, pid('70')],
    ['nor does what is no client', 'mysql', { ...backingUp, kind: 'unleak', ...pid('70') }, pid('70')],
  ])('but not: %s', (_what, engine, cause, session) => {
    expect(decideBeside(engine, cause, session)).toMatchObject({ verdict: 'terminate' });
  });

  it('says whether it is surely the same process, and names the cause', () => {
    const sure = decideBeside('mysql', { ...backingUp, ...pid('70') }, pid('70'));
    const perhaps = decideBeside('mariadb', { ...backingUp, ...bare }, bare);
    expect([sure, perhaps].map(({ protection, reason }) => [protection, reason])).toEqual([
      ['backup', 'idle for 1h (limit 1s); protected: same process as 4711, which runs a backup'],
      ['backup', 'idle for 1h (limit 1s); protected: perhaps the same process as 4711, which runs a backup'],
    ]);
  });

  it('ends when the protection is lifted, and only then', () => {
    const verdict = (lift: SoftProtection[]) =>
      decideBeside('mysql', { ...backingUp, ...pid('70') }, pid('70'), lift).verdict;
    expect([verdict(['backup']), verdict(['advisory-lock', 'migration', 'table-lock'])]).toEqual([
      'terminate',
      'protected',
    ]);
  });

  it('one session that holds an advisory lock does not keep the leaks of its whole shop', () => {
    const leaks = Array.from({ length: 50 }, (_, index) => buildSession({ id: String(100 + index) }));
    const holder = buildSession({ id: '4711', advisoryLock: true });
    const { decisions } = decide(buildSnapshot([holder, ...leaks]), buildPolicy([{}]));
    expect(decisions.filter(({ verdict }) => verdict === 'terminate')).toHaveLength(50);
  });
});
