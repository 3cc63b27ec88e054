import type { Context } from 'aws-lambda';
import { randomUUID } from 'node:crypto';
import { parseEnvironment } from '../contract/environment.ts';
import { describeProblem } from '../contract/problems.ts';
import { closeSockets } from '../aws/client-settings.ts';
import { createNotifier } from '../aws/notifier.ts';
import type { ObjectStore } from '../aws/ports.ts';
import { createSecrets } from '../aws/secrets.ts';
import { createWatchStore } from '../aws/watch-store.ts';
import { createTelemetry } from '../aws/telemetry.ts';
import { Fault } from '../core/model/fault.ts';
import { createDeadline } from './deadline.ts';
import type { Deps } from './deps.ts';
import { loadEngine } from './load-engine.ts';
import type { WatchDeps } from './run-watch.ts';

/** The parts of a sweep in Lambda; the only place that reads the environment. A Config fault when it is incomplete. */
export async function compose(context: Context): Promise<Deps> {
  const sweepId = randomUUID();
  const parsed = parseEnvironment(process.env);
  const { installation = null, targetMetrics = [] } = parsed.ok ? parsed.value : {};
  const telemetry = createTelemetry(sweepId, installation, targetMetrics);
  if (!parsed.ok) {
    const message = `The function's environment is incomplete. ${parsed.problems.map(describeProblem).join('; ')}.`;
    const fault = new Fault({
      code: 'config.environment',
      step: 'parse',
      message,
    });
    telemetry.fault(fault, null);
    throw fault;
  }
  const { topicArn, historyBucket, docsUrl, dashboardUrl, logsUrl } = parsed.value;
  return {
    secrets: createSecrets(),
    notifier: createNotifier(topicArn),
    history: historyBucket === null ? null : await loadHistory(historyBucket),
    runner: { kind: 'function', name: `${context.functionName}:${context.functionVersion}` },
    telemetry,
    loadEngine,
    links: {
      ...(docsUrl && { docs: docsUrl }),
      ...(dashboardUrl && { dashboard: dashboardUrl }),
      ...(logsUrl && { logs: logsUrl }),
    },
    deadline: createDeadline(context.getRemainingTimeInMillis(), Date.now),
    now: Date.now,
    sweepId,
  };
}

/** Ends what an invocation holds beside its database connection: timers, and sockets to AWS. Nothing of it stays until the next one. */
export function release({ deadline }: Deps): void {
  deadline.end();
  closeSockets();
}

/** The parts of the watch; a Fault where the environment names no bucket. */
export async function composeWatch(deps: Deps): Promise<WatchDeps> {
  const parsed = parseEnvironment(process.env);
  const bucket = parsed.ok ? parsed.value.historyBucket : null;
  if (bucket === null) {
    const message = 'The watch needs the bucket of the history. Deploy again.';
    throw new Fault({ code: 'config.environment', step: 'parse', message });
  }
  const { createAges, createObjectStore } = await import('../aws/object-store.ts');
  return { ...deps, store: createWatchStore(createObjectStore(bucket), createAges(bucket)) };
}

/** The S3 client is loaded only where there is a history: it costs as much start-up time as all other parts (FACTS). */
async function loadHistory(bucket: string): Promise<ObjectStore> {
  const { createObjectStore } = await import('../aws/object-store.ts');
  return createObjectStore(bucket);
}
