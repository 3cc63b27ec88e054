import type { Report } from '../model/report.ts';

/** Whether unleak lacks a privilege without which it may miss sessions or cannot end them. */
export function isBlind(report: Report): boolean {
  return report.missing.some(({ prevents }) => prevents !== 'detail');
}
