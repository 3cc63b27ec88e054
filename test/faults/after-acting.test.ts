import { SNSClient } from '@aws-sdk/client-sns';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { openDelayedRelay } from '../../bench/chaos/delayed-relay.ts';
import { clientSettings } from '../../functions/aws/client-settings.ts';
import { createNotifier } from '../../functions/aws/notifier.ts';
import { Fault } from '../../functions/core/model/fault.ts';
import type { Report } from '../../functions/core/model/report.ts';
import { clientAt } from '../aws/moto.ts';
import { answering, silent, type StubEndpoint } from '../aws/stub-endpoint.ts';
import { openRelay } from '../engines/contract/relay.ts';
import { beforeCall, wrapEngine } from '../flow/wrap-engine.ts';
import { createDeadline } from '../../functions/flow/deadline.ts';
import {
  countAlive,
  countConnected,
  expectNextSweep,
  expectNoControl,
  type Lab,
  openLab,
  type Swept,
} from './lab.ts';

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
  afterEach(() => lab.settle());
  afterAll(() => lab.stop());

  test.each<readonly [what: string, code: string, open: () => Promise<StubEndpoint>]>([
    ['denied', 'publish.denied', () => refusal(403, 'AuthorizationError')],
    ['throttled', 'publish.throttled', () => refusal(429, 'Throttled')],
    ['a topic that is gone', 'publish.topic_missing', () => refusal(404, 'NotFound')],
  ])('SNS after sessions were ended: %s', async (_what, code, open) => {
    const apps = await lab.leak(2);
    const notifier = notifierAt(await open());
    const { end, reports, faults, tookMs } = await lab.sweep({ deps: { notifier }, remainingMs: 20_000 });
    expect(end).toMatchObject({ kind: 'Publish', code });
    expect(faults).toEqual([end]);
    expect(reports).toMatchObject([{ outcome: 'ended', results: { terminated: 2 } }]);
    expect(reports[0]?.outcomes).toHaveLength(2);
    expect(tookMs).toBeLessThan(20_000);
    expect(await countAlive(apps)).toBe(0);
    await expectNextSweep(lab, await lab.leak(1));
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
    expect(end).toMatchObject({ code: 'connect.lost', step: 'terminate' });
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

  test('time that runs out between batches: the rest is skipped, and nothing but what is claimed is gone', async () => {
    const apps = await lab.leak(3);
    const deadline = createDeadline(60_000, Date.now);
    let batches = 0;
    const { end, messages } = await lab.sweep({
      deps: {
        ...wrapEngine(() => ({}), { batchSize: 1 }),
        deadline: { ...deadline, mayAct: () => batches++ < 2 },
      },
    });
    deadline.end();
    expect(end).toMatchObject({ outcome: 'incomplete', results: { terminated: 2, skipped: 1 }, fault: null });
    expect(messages).toHaveLength(1);
    expect(await countAlive(apps)).toBe(1);
  });

  test('time that is up when it comes to telling: the report is in the log, and the function fails', async () => {
    const apps = await lab.leak(2);
    const deadline = createDeadline(60_000, Date.now);
    const over = new AbortController();
    const notifier = notifierAt(await silent(() => over.abort()));
    const swept = await lab.sweep({ deps: { notifier, deadline: { ...deadline, notify: over.signal } } });
    deadline.end();
    expect(swept.end).toMatchObject({ kind: 'Publish', code: 'publish.unreachable' });
    expect(swept.reports).toMatchObject([{ outcome: 'ended', results: { terminated: 2 } }]);
    expect(await countAlive(apps)).toBe(0);
  });

  /* Not by the clock: the time is up right after the first, second, third … packet of ours has reached the server,
   * until a sweep sends fewer than that. So it is up while each of a sweep's waits for the server is under way; of the
   * second look, which sends what the first one sent, only every fourth. */
  test('time that is up at any step: a fault, no false claim, no connection left', async () => {
    let apps = await lab.leak(2);
    for (let last = 1, harmful = 0, isOver = false; !isOver; last += harmful > 3 ? 4 : 1) {
      const { end, reports, isUp } = await sweepUntilPacket(lab, last);
      const results: Report['results'] = reports[0]?.results ?? {};
      const mayBeGone = (results.terminated ?? 0) + (results.unverified ?? 0) + (results.survived ?? 0);
      const alive = await countConnected(lab, apps);
      expect(alive).toBeLessThanOrEqual(2 - (results.terminated ?? 0));
      expect(alive).toBeGreaterThanOrEqual(2 - mayBeGone);
      if (isUp && end instanceof Fault) expect(end.code).toBe('deadline.exceeded');
      else expect(end).toMatchObject({ outcome: 'ended', results: { terminated: 2 } });
      await expectNoControl(lab);
      isOver = !isUp;
      if (isOver || mayBeGone === 0) continue;
      harmful += 1;
      await lab.settle();
      apps = await lab.leak(2);
    }
  });
});

async function sweepUntilPacket(lab: Lab, last: number): Promise<Swept & { readonly isUp: boolean }> {
  const relay = await openRelay(lab.server);
  const [deadline, over] = [createDeadline(60_000, Date.now), new AbortController()];
  let packets = 0;
  relay.onRequest(() => (packets += 1) === last && over.abort());
  const swept = await lab.sweep({
    secret: { port: relay.port },
    deps: { deadline: { ...deadline, work: over.signal } },
  });
  deadline.end();
  relay.cut();
  return { ...swept, isUp: over.signal.aborted };
}
