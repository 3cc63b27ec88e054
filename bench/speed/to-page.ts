import type { EndingResult } from './measure-endings.ts';
import type { SpeedResult } from './run-speed.ts';

/** What stands in docs/measurements/performance.md: all of it comes from one run. */
export function toPage({ machine, endings, starts, policy }: SpeedResult, load: string): string {
  return `# Performance

\`npm run bench -- --speed\` writes this page. All figures are medians of one run on one machine: ${machine}. Load average
before the run: ${load}. Times on other machines differ, so compare the ratios.

## Ending idle sessions

From the start of the program until the last session's own client saw its end. unleak takes a snapshot before and verifies
afterwards; each session is checked right before its signal. The alternatives check once, or not at all.

| engine | sessions | round trip | unleak | alternative | ratio |
|---|---|---|---|---|---|
${endings.map(toEndingRow).join('\n')}

The server's own work is part of every figure: it ends one process or thread for each session. The alternative's time is
close to that bound.

Growth is the slope of time against sessions, log–log, over the sizes without a round trip: ${toGrowth(endings)}.

## Starting the command

| what | time |
|---|---|
${starts.map(({ what, ms }) => `| ${what} | ${toMs(ms)} |`).join('\n')}

## Deciding

Ten rules with groups and expressions.

| sessions | time |
|---|---|
${policy.map(({ sessions, ms }) => `| ${sessions.toLocaleString('en')} | ${toMs(ms)} |`).join('\n')}
`;
}

function toEndingRow({ kind, version, sessions, rttMs, unleakMs, other }: EndingResult): string {
  const theirs = other ? `${other.name}: ${toMs(other.ms)}` : 'not installed here';
  const ratio = other ? (unleakMs / other.ms).toFixed(1) : '–';
  const shortVersion = /^[\d.]+/.exec(version)?.[0] ?? version;
  return `| ${kind} ${shortVersion} | ${sessions} | ${rttMs} ms | ${toMs(unleakMs)} | ${theirs} | ${ratio} |`;
}

const toMs = (ms: number) => (Number.isFinite(ms) ? `${Math.round(ms)} ms` : 'not all ended');

function toGrowth(endings: readonly EndingResult[]): string {
  const kinds = [...new Set(endings.map(({ kind }) => kind))];
  const slopes = kinds.map((kind) => {
    const sized = endings.filter((each) => each.kind === kind && each.rttMs === 0);
    const [first, last] = [sized[0], sized.at(-1)];
    if (first === undefined || last === undefined || first.sessions === last.sessions) return `${kind} –`;
    const slope = Math.log(last.unleakMs / first.unleakMs) / Math.log(last.sessions / first.sessions);
    return `${kind} ${slope.toFixed(2)}`;
  });
  return slopes.join(', ');
}
