import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServerKind } from '../../servers/local-server.ts';
import { findMariadb } from '../../servers/mariadb.ts';
import { findMysql } from '../../servers/mysql.ts';
import { type EndingResult, measureEndings } from './measure-endings.ts';
import { measurePolicy, type PolicyResult } from './measure-policy.ts';
import { measureStarts, type StartResult } from './measure-starts.ts';

/** All figures of one run. */
export interface SpeedResult {
  readonly machine: string;
  readonly endings: readonly EndingResult[];
  readonly starts: readonly StartResult[];
  readonly policy: readonly PolicyResult[];
}

/** How much to measure. */
export interface SpeedOrder {
  readonly sizes: readonly number[];
  readonly turns: number;
  /** Round trip and sessions of the runs over a slow wire; none where there are no sessions. */
  readonly slow: { readonly rttMs: number; readonly sessions: number };
}

/** Measures starts and the policy first, then the endings on each engine that is installed, one server after the other. */
export async function runSpeed(order: SpeedOrder, tell: (line: string) => void): Promise<SpeedResult> {
  const starts = measure(order.turns);
  const policy = [100_000, 1_000_000].map((sessions) => measurePolicy(sessions, order.turns));
  const endings: EndingResult[] = [];
  for (const kind of kindsHere())
    for (const [sessions, rttMs] of toRuns(order)) {
      tell(`${kind}: ${sessions} sessions, ${rttMs} ms round trip`);
      endings.push(await measureEndings({ kind, sessions, rttMs, turns: order.turns }));
    }
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}, Node.js ${process.versions.node}`;
  return { machine, endings, starts, policy };
}

function measure(turns: number): readonly StartResult[] {
  const folder = mkdtempSync(join(tmpdir(), 'unleak-starts-'));
  const policyFile = join(folder, 'policy.yaml');
  writeFileSync(
    policyFile,
    'policies:\n  all:\n    rules:\n      - { name: leaked, state: idle, for: 10m }\n',
  );
  try {
    return measureStarts(turns, policyFile);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function toRuns({ sizes, slow }: SpeedOrder): readonly (readonly [sessions: number, rttMs: number])[] {
  const quick = sizes.map((sessions) => [sessions, 0] as const);
  return slow.sessions > 0 ? [...quick, [slow.sessions, slow.rttMs]] : quick;
}

function kindsHere(): readonly ServerKind[] {
  return [
    'postgres',
    ...(findMysql() === null ? [] : (['mysql'] as const)),
    ...(findMariadb() === null ? [] : (['mariadb'] as const)),
  ];
}
