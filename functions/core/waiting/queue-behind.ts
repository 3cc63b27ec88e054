import type { ReportedWait } from '../model/report.ts';

/** How many wait behind one of these sessions as their root, directly or behind one another; 0 where no queue of them is reported. */
export function queueBehind(waits: readonly ReportedWait[], ids: ReadonlySet<string>): number {
  const isRoot = ({ session }: ReportedWait['roots'][number]) => session !== null && ids.has(session.id);
  return waits.filter(({ roots }) => roots.some(isRoot)).reduce((sum, { sessions }) => sum + sessions, 0);
}
