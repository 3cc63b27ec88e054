import type { Links } from '../notify/links.ts';
import type { Message } from '../notify/to-message.ts';
import { toIsoTime } from '../schedule/local-time.ts';
import type { Unswept, Watch } from './watch.ts';

const mostNamed = 50;
const longestSubject = 99;

/** The notification about targets that are not swept, or are again; null where there is no news. */
export function toWatchMessage(found: Watch, links: Links): Message | null {
  const { news, over, unswept, change } = found;
  if (news.length + over.length === 0 && change === null) return null;
  const names = news.length > 0 ? news.map(({ target }) => target) : over;
  const subject = subjectOf(found, names);
  const email = toText(found, links);
  const facts = { notSwept: unswept.map(toPlain), sweptAgain: over, change };
  const json = JSON.stringify({ schema: 'unleak.watch/1', ...facts });
  const machines = Object.fromEntries(
    ['sqs', 'lambda', 'http', 'https', 'firehose'].map((key) => [key, json]),
  );
  const attributes = {
    target: names.length === 1 ? (names[0] ?? '') : 'several',
    severity: news.length > 0 ? 'critical' : change === 'stopped' ? 'warning' : 'info',
    outcome: change ?? 'not-swept',
    news: news.length > 0 ? 'sweep' : 'recovery',
  };
  return {
    subject,
    message: JSON.stringify({ default: email, email, sms: subject, ...machines }),
    attributes: Object.fromEntries(
      Object.entries(attributes).map(([name, value]) => [name, { type: 'String', value }]),
    ),
  };
}

function subjectOf({ news, change }: Watch, names: readonly string[]): string {
  if (news.length > 0) return toSubject('not swept', names);
  if (change !== null) return changes[change][0];
  return toSubject('swept again', names);
}

const changes = {
  stopped: [
    'unleak: stopped: nothing is swept',
    'The deployment says `stopped`. No target is swept and no alarm fires until it is deployed without.',
  ],
  resumed: ['unleak: sweeps again', 'It was deployed without `stopped`. Every target is swept again.'],
} as const;

/** As many names as fit, and how many do not. */
function toSubject(what: string, names: readonly string[]): string {
  for (let shown = Math.min(names.length, 5); shown > 0; shown -= 1) {
    const others = names.length - shown;
    const text = `unleak: ${what}: ${names.slice(0, shown).join(', ')}${others > 0 ? ` and ${others} more` : ''}`;
    if (text.length <= longestSubject) return text;
  }
  return `unleak: ${what}: ${names.length} targets`;
}

function toText({ news, over, change }: Watch, links: Links): string {
  const others = news.length - mostNamed;
  return [
    ...(change === null ? [] : [changes[change][1], '']),
    ...(news.length > 0 ? ['NOT SWEPT', ...news.slice(0, mostNamed).map(toLine)] : []),
    ...(others > 0 ? [`- and ${others} more`] : []),
    ...(news.length > 0 ? ['', `What to do: ${links.docs ?? 'docs'}/runbook.md#not-swept`, ''] : []),
    ...(over.length > 0 ? ['SWEPT AGAIN', ...over.slice(0, mostNamed).map((name) => `- ${name}`), ''] : []),
    ...(links.logs ? [`Log: ${links.logs}`] : []),
  ].join('\n');
}

function toLine({ target, lastMs, missed }: Unswept): string {
  const last = lastMs === null ? 'no sweep was seen yet' : `the last one ended at ${toIsoTime(lastMs)}`;
  return `- ${target}: ${missed >= 99 ? '99 or more' : missed} sweeps are missing; ${last}`;
}

function toPlain({ target, lastMs, missed }: Unswept) {
  return { target, missed, lastSweptAt: lastMs === null ? null : toIsoTime(lastMs) };
}
