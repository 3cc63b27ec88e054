import { SNSClient } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { openDelayedRelay } from '../../bench/chaos/delayed-relay.ts';
import { clientSettings } from '../../functions/aws/client-settings.ts';
import { createNotifier } from '../../functions/aws/notifier.ts';
import { Fault } from '../../functions/core/faults.ts';
import type { Report } from '../../functions/core/report.ts';
import { clientAt } from '../aws/moto.ts';
import { answering, silent, type StubEndpoint } from '../aws/stub-endpoint.ts';
import { openRelay } from '../engines/contract/relay.ts';
import { beforeCall, wrapEngine } from '../flow/wrap-engine.ts';
import { countAlive, expectUnharmed, type Lab, openLab } from './lab.ts';

/* Faults from the first signal on: what was done is known, nothing more is claimed, and the next sweep works. */

const kinds = [...new Set(inject('servers').map(({ kind }) => kind))];
const topic = 'arn:aws:sns:us-east-1:123456789012:notices';
const refusal = (status: number, code: string) =>
  answering(status, `<ErrorResponse><Error><Code>${code}</Code></Error></ErrorResponse>`, {
    'content-type': 'text/xml',
  });
const notifierAt = ({ url }: StubEndpoint) =>
  createNotifier(topic, new SNSClient({ ...clientSettings(), ...clientAt(url) }));

describe.for(kinds)('%s', (kind) => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await openLab(kind);
  });
  afterAll(() => lab.stop());

  test.each<readonly [what: string, code: string, open: () => Promise<StubEndpoint>]>([
    ['denied', 'publish.denied', () => refusal(403, 'AuthorizationError')],
    ['throttled', 'publish.throttled', () => refusal(429, 'Throttled')],
    ['a topic that is gone', 'publish.topic_missing', () => refusal(404, 'NotFound')],
    ['an endpoint that never answers', 'publish.unreachable', silent],
  ])('SNS after sessions were ended: %s', async (_what, code, open) => {
    const apps = await lab.leak(2);
    const notifier = notifierAt(await open());
    const { end, reports, faults, tookMs } = await lab.sweep({ deps: { notifier }, remainingMs: 6_000 });
    expect(end).toMatchObject({ kind: 'Publish', code });
    expect(faults).toEqual([end]);
    expect(reports).toMatchObject([{ outcome: 'ended', results: { terminated: 2 } }]);
    expect(reports[0]?.outcomes).toHaveLength(2);
    expect(tookMs).toBeLessThan(6_000);
    expect(await countAlive(apps)).toBe(0);
    await expectUnharmed(lab, await lab.leak(1));
  });

  test('a wire cut between two batches: no batch after it, and nothing claimed that was not seen', async () => {
    const apps = await lab.leak(3);
    const relay = await openRelay(lab.server);
    const cut = wrapEngine(
      ({ end }) => ({
        end: beforeCall(
          2,
          () => {
            relay.cut();
            return Promise.resolve();
          },
          end,
        ),
      }),
      {
        batchSize: 1,
      },
    );
    const { end, reports } = await lab.sweep({ secret: { port: relay.port }, deps: cut });
    expect(end).toMatchObject({ code: 'connect.lost', step: 'act' });
    expect(reports[0]?.outcomes.map(({ result }) => result)).toEqual(['unverified', 'unverified', 'skipped']);
    expect(await countAlive(apps)).toBe(2);
  });

  test('a round trip of 200 ms: everything is done, within the time there is', async () => {
    const apps = await lab.leak(2);
    const relay = await openDelayedRelay(lab.server, 200);
    const { end, tookMs } = await lab.sweep({ secret: { port: relay.port } });
    relay.stop();
    expect(end).toMatchObject({ outcome: 'ended', results: { terminated: 2 } });
    expect(tookMs).toBeLessThan(30_000);
    expect(await countAlive(apps)).toBe(0);
  });

  test('the same event twice at once and once more later: each session is ended once', async () => {
    const apps = await lab.leak(3);
    const both = await Promise.all([lab.sweep(), lab.sweep()]);
    const outcomes = both.map(({ end }) => (end as Report).outcome);
    const ended = both.map(({ end }) => (end as Report).results.terminated ?? 0);
    expect(outcomes.filter((outcome) => outcome === 'ended')).toHaveLength(1);
    expect(['locked-out', 'quiet']).toContain(outcomes.find((outcome) => outcome !== 'ended'));
    expect(ended.reduce((sum, count) => sum + count, 0)).toBe(3);
    expect(await countAlive(apps)).toBe(0);
    expect((await lab.sweep()).end).toMatchObject({ outcome: 'quiet' });
  });

  test('a deadline at every step: it ends in time, and what it does not claim is alive', async () => {
    const relay = await openDelayedRelay(lab.server, 20);
    for (const remainingMs of [0, 30, 90, 150, 250, 400, 700]) {
      const apps = await lab.leak(2);
      const swept = await lab.sweep({ secret: { port: relay.port }, remainingMs });
      if (swept.end instanceof Fault) expect(swept.end.kind).toMatch(/^(?:Deadline|Connect)$/);
      const results: Report['results'] = swept.reports[0]?.results ?? {};
      const mayBeGone = (results.terminated ?? 0) + (results.unverified ?? 0) + (results.survived ?? 0);
      const alive = await countAlive(apps);
      expect(alive).toBeLessThanOrEqual(2 - (results.terminated ?? 0));
      expect(alive).toBeGreaterThanOrEqual(2 - mayBeGone);
      expect(swept.tookMs).toBeLessThan(remainingMs + 1_500);
      await expect.poll(() => lab.countControls(), { timeout: 5_000 }).toBe(0);
    }
    relay.stop();
  });
});
