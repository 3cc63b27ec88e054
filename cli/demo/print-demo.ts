import type { Message } from '../../functions/core/notify/to-message.ts';
import type { Report } from '../../functions/core/model/report.ts';
import { printCapacity } from '../terminal/print-capacity.ts';
import { printDecisions } from '../terminal/print-decisions.ts';
import type { Screen } from '../terminal/screen.ts';
import type { DemoResult } from './run-demo.ts';
import { productNames } from '../terminal/name-server.ts';

/** The story of one server: before, what a dry run says, what the enforced sweep did, after, and the e-mail. */
export function printDemo(screen: Screen, { server, dryRun, enforced, message, health }: DemoResult): void {
  const { style } = screen;
  screen.print(
    '',
    style.bold(style.cyan(`== A leaking shop on ${productNames[server.kind]} ${server.version}`)),
    '',
  );
  if (dryRun.before) printCapacity(screen, 'Before', dryRun.before);
  screen.print('', style.bold('Dry run: each decision with its reason. Nothing was touched.'));
  printDecisions(screen, dryRun.decisions);
  screen.print(leftAlone(dryRun));
  screen.print('', style.bold('Enforced: the same decisions, carried out, and verified.'));
  screen.print(`  ${results(enforced)}`);
  screen.print(...judge(health), '');
  if (enforced.after) printCapacity(screen, 'After', enforced.after);
  if (message) printEmail(screen, message);
}

function printEmail(screen: Screen, { subject, message }: Message): void {
  const { email } = JSON.parse(message) as { email: string };
  const lines = [`Subject: ${subject}`, '', ...email.trimEnd().split('\n')];
  screen.print('', screen.style.bold('The e-mail that subscribers receive:'), '');
  screen.print(...lines.map((line) => `${screen.style.dim('  |')} ${line}`.trimEnd()));
}

function leftAlone({ verdicts }: Report): string {
  return `  ${verdicts['no-rule']} more sessions, the healthy pool among them, match no rule and are left alone.`;
}

function results({ results }: Report): string {
  return Object.entries(results)
    .map(([result, count]) => `${count} ${result}`)
    .join(', ');
}

function judge({ requests, failed, checkoutWaitedMs }: DemoResult['health']): string[] {
  const checkout =
    checkoutWaitedMs === null
      ? 'is still waiting'
      : `went through after ${(checkoutWaitedMs / 1_000).toFixed(1)} s`;
  return [
    `  The healthy pool sent ${requests} requests meanwhile, ${failed} failed.`,
    `  The blocked checkout ${checkout}.`,
  ];
}
