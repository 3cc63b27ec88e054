import type { Report } from '../../model/report.ts';
import type { Links } from '../links.ts';
import { toLine } from '../../text/to-line.ts';
import { toName, toOwnName, unbroken } from '../../text/to-name.ts';
import { bullet } from '../../text/wrap-text.ts';
import { formatInstant } from './format-instant.ts';
import type { Section } from './section.ts';

const engines: Readonly<Record<string, string>> = {
  postgres: 'PostgreSQL',
  mysql: 'MySQL',
  mariadb: 'MariaDB',
};

/** Which sweep this was, by which clock, in which mode and how to change that, and where more is kept. */
export function whereToLook(report: Report, links: Links): Section {
  const clock = report.before ? 'Database clock' : 'Time';
  const lines = [
    ...bullet(`Target: ${toName(report.target.name)}, ${unbroken(serverOf(report))}`),
    ...bullet(`${clock}: ${unbroken(formatInstant(report.at))}`),
    ...bullet(`Sweep: ${toOwnName(report.sweepId)}`),
    ...bullet(modeOf(report)),
    ...linkLines(links),
  ];
  return { heading: 'WHERE TO LOOK NEXT', lines };
}

function serverOf({ target }: Report): string {
  const engine = Object.hasOwn(engines, target.engine)
    ? (engines[target.engine] ?? '')
    : toName(target.engine);
  return target.version === null ? engine : `${engine} ${toName(target.version)}`;
}

function modeOf({ mode, outcome }: Report): string {
  const file = 'for this target in unleak.yaml and deploy';
  if (outcome === 'would-end')
    return `Mode: dry-run. If you agree with what it would do, set ${unbroken('`mode: enforce`')} ${file}.`;
  if (mode === 'dry-run') return 'Mode: dry-run, so no session is ended in any case';
  if (outcome !== 'ended' && outcome !== 'incomplete') return 'Mode: enforce';
  return `Mode: enforce. To get notifications only, without any session being ended, set ${unbroken('`mode: dry-run`')} ${file}.`;
}

function linkLines({ report, dashboard, logs }: Links): string[] {
  const named: [string, string | undefined][] = [
    ['Whole report', report],
    ['Dashboard', dashboard],
    ['Logs', logs],
  ];
  return named.flatMap(([name, address]) =>
    address === undefined ? [] : bullet(`${name}: ${unbroken(toLine(address, 500))}`),
  );
}
