import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { clientSettings } from '../../functions/aws/client-settings.ts';
import { createSecrets } from '../../functions/aws/secrets.ts';
import type { Deps } from '../../functions/flow/deps.ts';
import { clientAt } from '../aws/moto.ts';
import { answering, silent, type StubEndpoint } from '../aws/stub-endpoint.ts';
import { openRelay } from '../engines/contract/relay.ts';
import { beforeCall, wrapEngine } from '../flow/wrap-engine.ts';
import {
  type App,
  expectFault,
  expectNextSweep,
  expectUntouched,
  type Lab,
  openLab,
  type SweepChange,
} from './lab.ts';

/* Faults that end a sweep before it acts: nothing is touched, it is told and thrown, and the next sweep works. */

const kinds = [...new Set(inject('servers').map(({ kind }) => kind))];
/** The time of a sweep that has to wait for its end; nothing is reached before it, so its length does not matter. */
const quick = 5_000;

const secretsAt = ({ url }: StubEndpoint): Partial<Deps> => ({
  secrets: createSecrets(new SecretsManagerClient({ ...clientSettings(), ...clientAt(url) })),
});
const refusal = (type: string) => answering(400, JSON.stringify({ __type: type, message: 'No.' }));

/** What goes wrong, what it may be called, and how it is arranged. */
type Row = readonly [
  what: string,
  codes: readonly string[],
  arrange: (lab: Lab) => SweepChange | Promise<SweepChange>,
];

const rows: readonly Row[] = [
  ...(
    [
      ['ResourceNotFoundException', 'secret_missing'],
      ['AccessDeniedException', 'secret_denied'],
      ['ThrottlingException', 'secret_throttled'],
    ] as const
  ).map(([type, code]): Row => [
    `a secret: ${type}`,
    [`credentials.${code}`],
    async () => ({ deps: secretsAt(await refusal(type)) }),
  ]),
  [
    'a secret: an endpoint that never answers',
    ['credentials.secret_unreachable'],
    async () => ({ deps: secretsAt(await silent()), remainingMs: quick }),
  ],
  ['a secret that is not JSON', ['credentials.secret_malformed'], () => ({ secret: 'not JSON' })],
  ['a secret that is a list', ['credentials.secret_malformed'], () => ({ secret: '["unleak"]' })],
  ['a secret whose user is empty', ['credentials.secret_malformed'], () => ({ secret: { username: '' } })],
  ...['username', 'password', 'host'].map((field): Row => [
    `a secret without ${field}`,
    ['credentials.secret_malformed'],
    () => ({ secret: { [field]: undefined } }),
  ]),
  ['a wrong password', ['credentials.login_refused'], () => ({ secret: { password: 'wrong' } })],
  ['a user that does not exist', ['credentials.login_refused'], () => ({ secret: { username: 'nobody' } })],
  ['an event that lacks its target’s name', ['config.event'], () => ({ target: { name: '' } })],
  ['no time at all', ['deadline.exceeded'], () => ({ remainingMs: 0 })],
  [
    'an unknown host',
    ['connect.unknown_host'],
    () => ({ secret: { host: 'no-such-host.invalid' }, target: { tls: 'system' } }),
  ],
  ['nobody listens', ['connect.refused'], () => ({ secret: { port: 1 } })],
  [
    'a server that accepts and never speaks',
    ['connect.timeout', 'deadline.exceeded'],
    async () => ({ secret: { port: (await openRelay(null)).port }, remainingMs: quick }),
  ],
  [
    'a server without TLS, or of an authority that is not Amazon’s',
    ['connect.tls_refused', 'connect.certificate_authority'],
    () => ({ target: { tls: 'rds' } }),
  ],
  [
    'a wire cut during the snapshot',
    ['connect.lost'],
    async ({ server }) => {
      const relay = await openRelay(server);
      const cut = wrapEngine(({ snapshot: take }) => ({
        snapshot: beforeCall(
          1,
          () => {
            relay.silence();
            relay.onRequest(() => relay.cut());
            return Promise.resolve();
          },
          take,
        ),
      }));
      return { secret: { port: relay.port }, deps: cut };
    },
  ],
  [
    'a wire that falls silent during the snapshot',
    ['snapshot.statement_timeout', 'deadline.exceeded'],
    async ({ server }) => {
      const relay = await openRelay(server);
      const hush = wrapEngine(({ snapshot: take }) => ({
        snapshot: beforeCall(
          1,
          () => {
            relay.silence();
            return Promise.resolve();
          },
          take,
        ),
      }));
      return { secret: { port: relay.port }, deps: hush, remainingMs: quick };
    },
  ],
];

describe.for(kinds)('%s', (kind) => {
  let lab: Lab;
  let apps: readonly App[];
  beforeAll(async () => {
    lab = await openLab(kind);
    apps = await lab.leak(2);
  });
  afterAll(() => lab.stop());

  test.each(rows)('%s is told as %j', async (_what, codes, arrange) => {
    const change = await arrange(lab);
    const swept = await lab.sweep(change);
    expectFault(swept, codes);
    if (change.remainingMs !== 0) expect(swept.tookMs).toBeLessThan(change.remainingMs ?? 30_000);
    await expectUntouched(lab, apps);
  });

  test('after all of them a sweep ends what leaked', async () => {
    await expectNextSweep(lab, apps);
    await lab.settle();
  });
});
