import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { openEstate } from '../chaos/estate.ts';
import type { Installation } from '../../functions/contract/installation.ts';
import { startAwsEndpoint } from './aws-endpoint.ts';
import { openCrowdRelay } from './crowd-relay.ts';
import type { Order, Sample } from './soak-process.ts';

/** How often a warm function sweeps, and how many sessions the server seems to have beside its own. */
export interface Soak {
  readonly sweeps: number;
  readonly crowd: number;
}

/** What a soak found: samples on the way, the sockets to AWS that were open at the end, and the bytes that were logged. */
export interface Soaked {
  readonly samples: readonly Sample[];
  readonly awsSockets: number;
  readonly logBytesPerSweep: number;
}

const program = fileURLToPath(new URL('soak-process.ts', import.meta.url));

/** Lets one process sweep a real PostgreSQL over and over, with an AWS that never closes a connection. */
export async function runSoak({ sweeps, crowd }: Soak): Promise<Soaked> {
  const { server, unleak } = await openEstate('postgres', 10, {});
  const relay = await openCrowdRelay(server, crowd, `select ${'x'.repeat(340)}`);
  const { user, password, host } = unleak;
  const aws = await startAwsEndpoint(() =>
    JSON.stringify({ username: user, password, host, port: relay.port }),
  );
  try {
    return await soak(
      {
        event: { version: 2, target: 'soak' },
        installed: installedAt(host, relay.port),
        ...{ sweeps, everySweeps: Math.max(1, Math.floor(sweeps / 10)) },
      },
      aws,
    );
  } finally {
    relay.close();
    aws.stop();
    await server.stop();
  }
}

async function soak(order: Order, aws: Awaited<ReturnType<typeof startAwsEndpoint>>): Promise<Soaked> {
  const child = fork(program, {
    execArgv: ['--import', 'tsx', '--expose-gc'],
    env: { PATH: process.env['PATH'], ...aws.env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let logBytes = 0;
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (bytes: Buffer) => {
      logBytes += bytes.length;
    });
  const samples: Sample[] = [];
  child.on('message', (sample: Sample) => samples.push(sample));
  child.send(order);
  await once(child, 'exit');
  return { samples, awsSockets: aws.sockets(), logBytesPerSweep: Math.round(logBytes / order.sweeps) };
}

/** What a deployment of one target tells the function. */
function installedAt(host: string, port: number): Installation {
  const target = { host, port, engine: 'postgres', secret: 'soak', mode: 'dry-run', tls: 'off' } as const;
  return {
    policies: {
      web: { rules: [{ name: 'leaked', state: 'idle', for: '1m' }], caps: { perSweep: 500, share: '50%' } },
    },
    targets: { soak: { ...target, policy: 'web', latestMs: 600_000 } },
  };
}
