import { elapsedMs, laterBy } from '../text/instants.ts';
import type { HeldBack, SentNotification, NotificationState } from './notification-state.ts';

/** So many notifications of one target in one cool-down, whatever changes; the last of them says so. */
export const mostInCoolDown = 4;
/** So many more, where they are urgent and nothing of their kind was sent. */
export const mostUrgent = 6;
/** The same news is sent so often in one cool-down: first, and once more when it came back. */
const mostAlike = 2;

/** Those of the notifications that the cool-down still counts. */
export function sentWithin(
  past: NotificationState | null,
  coolDownMs: number,
  now: string,
): readonly SentNotification[] {
  return (past?.sent ?? []).filter(({ at }) => elapsedMs(at, now) < coolDownMs);
}

/** Whether one more may be sent, given what was. */
export function mayFit(sent: readonly SentNotification[], key: string, urgent: readonly string[]): boolean {
  if (sent.length < mostInCoolDown) return !isWornOut(sent, key) || isNewlyUrgent(sent, urgent);
  return sent.length < mostInCoolDown + mostUrgent && isNewlyUrgent(sent, urgent);
}

/** Whether the same news came so often that it is flapping. */
export function isWornOut(sent: readonly SentNotification[], key: string): boolean {
  return sent.filter((each) => each.key === key).length >= mostAlike;
}

function isNewlyUrgent(sent: readonly SentNotification[], urgent: readonly string[]): boolean {
  return urgent.some((key) => !sent.some((each) => each.urgent.includes(key)));
}

/** From when on others are held back, once this one is sent too: until the oldest is as old as the cool-down; null where there is room. */
export function limitedUntil(sent: readonly SentNotification[], coolDownMs: number): string | null {
  const [oldest] = sent.slice(-mostInCoolDown);
  return sent.length < mostInCoolDown || !oldest ? null : laterBy(oldest.at, coolDownMs);
}

/** One more that is held back, unless it is the last one still. */
export function holdBack(held: HeldBack | null | undefined, key: string, now: string): HeldBack {
  if (!held) return { count: 1, since: now, key };
  return held.key === key ? held : { ...held, count: held.count + 1, key };
}
