import type { NotifySettings } from '../../contract/event.ts';
import type { Report, SweepOutcome } from '../model/report.ts';
import { digest } from './digest.ts';
import { elapsedMs } from '../text/instants.ts';
import { notificationKeyOf, noNews, openWaits } from './notification-key.ts';
import {
  holdBack,
  isWornOut,
  limitedUntil,
  mayFit,
  mostInCoolDown,
  sentWithin,
} from './notification-limit.ts';
import {
  type HeldBack,
  type Occasion,
  ordinary,
  type SentNotification,
  type NotificationState,
} from './notification-state.ts';
import { urgentKeysOf } from './urgent-keys.ts';

/** What is to be sent, if anything, and what is to be remembered then; null where nothing changed. */
export interface NotificationPlan {
  readonly send: Occasion | null;
  readonly remember: NotificationState | null;
}

/** Outcomes whose notification already said that the matter was settled or planned: rules that do their work day by day. */
const routine: readonly SweepOutcome[] = ['ended', 'would-end', 'reported'];

/** Clocks differ; a remembered time beyond this is none that unleak wrote. */
const mostSkewMs = 5 * 60_000;
/** News that came back is over when it has been over for this part of the cool-down. */
const settledShare = 1 / 12;

const nothing: NotificationPlan = { send: null, remember: null };

/**
 * Whether subscribers hear of a sweep, given what is remembered and the time in ISO 8601. By `change`, the same news is
 * sent again after the cool-down. Recovery from trouble is sent at once, from sessions that were or would be ended only
 * after the cool-down. Whatever changes, only so many are sent in one cool-down; then one says how many were held back.
 */
export function planNotification(
  report: Report,
  remembered: NotificationState | null,
  notifySettings: NotifySettings,
  now: string,
): NotificationPlan {
  const past = readable(remembered, now);
  const waitIsOver = past?.waiting === true && openWaits(report).length === 0;
  if (notifySettings.when === 'always') return sendAnyway(report, { ...ordinary, waitIsOver }, now);
  if (report.outcome === 'locked-out' && report.severity === 'info') return nothing;
  if (notifySettings.when === 'action') return planAction(report, past, waitIsOver, now);
  return planChange({ report, past, waitIsOver, coolDownMs: notifySettings.coolDownMs, now });
}

/** Every action is sent, by the file's own word, and people who wait. */
function planAction(
  report: Report,
  past: NotificationState | null,
  waitIsOver: boolean,
  now: string,
): NotificationPlan {
  if (report.outcome !== 'quiet' || openWaits(report).length > 0)
    return sendAnyway(report, { ...ordinary, waitIsOver }, now);
  return waitIsOver ? sendAnyway(report, { ...ordinary, recoveredFrom: past, waitIsOver }, now) : nothing;
}

function sendAnyway(report: Report, send: Occasion, now: string): NotificationPlan {
  return { send, remember: toNotificationState(report, now, []) };
}

interface Case {
  readonly report: Report;
  readonly past: NotificationState | null;
  readonly waitIsOver: boolean;
  readonly coolDownMs: number;
  readonly now: string;
}

function planChange(each: Case): NotificationPlan {
  const { report, past, coolDownMs, now } = each;
  const key = notificationKeyOf(report);
  const sent = sentWithin(past, coolDownMs, now);
  const isHeldDue = (past?.held ?? null) !== null && sent.length < mostInCoolDown;
  const wish = wishOf(each, key, sent);
  if (wish === 'wait')
    return { send: null, remember: past && { ...past, quietSince: past.quietSince ?? now } };
  if (wish === 'nothing' && !isHeldDue) return forgetQuiet(past, key);
  const recoveredFrom = key === noNews && past?.notificationKey !== noNews ? past : null;
  const urgent = urgentKeysOf(report, each.waitIsOver);
  if (!isHeldDue && !mayFit(sent, keyOf(key, each.waitIsOver), urgent))
    return { send: null, remember: recoveredFrom ? null : held(past, report, key, now) };
  return sendOne(each, recoveredFrom, [...sent, { at: now, key: keyOf(key, each.waitIsOver), urgent }]);
}

function sendOne(
  { report, past, waitIsOver, coolDownMs, now }: Case,
  recoveredFrom: NotificationState | null,
  sent: readonly SentNotification[],
): NotificationPlan {
  const heldBack: HeldBack | null = past?.held ?? null;
  return {
    send: { recoveredFrom, waitIsOver, heldBack, limitedUntil: limitedUntil(sent, coolDownMs) },
    remember: toNotificationState(report, now, sent),
  };
}

/** That nobody waits any more is other news than what else the report says. */
function keyOf(key: string, waitIsOver: boolean): string {
  return digest(waitIsOver ? `${key}, nobody waits` : key);
}

/** `wait`: it is over, but not yet for long enough to believe it. */
function wishOf(
  { past, coolDownMs, now }: Case,
  key: string,
  sent: readonly SentNotification[],
): 'send' | 'wait' | 'nothing' {
  const hasCooled = past !== null && !(elapsedMs(past.notifiedAt, now) < coolDownMs);
  if (key !== noNews) return past?.notificationKey !== key || hasCooled ? 'send' : 'nothing';
  if (past === null || past.notificationKey === noNews) return 'nothing';
  if (hasCooled) return 'send';
  if (routine.includes(past.outcome) && past.waiting !== true) return 'nothing';
  if (!isWornOut(sent, digest(past.notificationKey))) return 'send';
  const quietMs = past.quietSince ? elapsedMs(past.quietSince, now) : 0;
  return quietMs >= coolDownMs * settledShare ? 'send' : 'wait';
}

/** The news is back before its end was told, so nobody needs to hear of either. */
function forgetQuiet(past: NotificationState | null, key: string): NotificationPlan {
  if (!past?.quietSince || key === noNews) return nothing;
  return { send: null, remember: { ...past, quietSince: null } };
}

function held(past: NotificationState | null, report: Report, key: string, now: string): NotificationState {
  const base = past ?? toNotificationState(report, now, []);
  return { ...base, quietSince: null, held: holdBack(past?.held, digest(key), now) };
}

function toNotificationState(
  report: Report,
  now: string,
  sent: readonly SentNotification[],
): NotificationState {
  return {
    notificationKey: notificationKeyOf(report),
    notifiedAt: now,
    outcome: report.outcome,
    waiting: openWaits(report).length > 0,
    quietSince: null,
    sent,
    held: null,
  };
}

/** Null where a time cannot be read or lies in the future: better sent twice than never. What an earlier release wrote counts as one sent. */
function readable(past: NotificationState | null, now: string): NotificationState | null {
  if (past === null) return null;
  const sent = past.sent ?? (past.notificationKey === noNews ? [] : [toSent(past)]);
  const times = [past.notifiedAt, past.quietSince, past.held?.since, ...sent.map(({ at }) => at)];
  const isSound = times.every((time) => time == null || elapsedMs(time, now) >= -mostSkewMs);
  return isSound ? { ...past, sent } : null;
}

function toSent({ notifiedAt, notificationKey }: NotificationState): SentNotification {
  return { at: notifiedAt, key: digest(notificationKey), urgent: [] };
}
