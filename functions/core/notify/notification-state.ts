import type { SweepOutcome } from '../model/report.ts';

/** A notification that was sent within the last cool-down. */
export interface SentNotification {
  /** ISO 8601. */
  readonly at: string;
  /** The digest of its news. */
  readonly key: string;
  /** What made it urgent, each of which gets through once per cool-down. */
  readonly urgent: readonly string[];
}

/** News that was not sent, since too much was. */
export interface HeldBack {
  readonly count: number;
  /** ISO 8601: the first of them. */
  readonly since: string;
  /** The digest of the last of them, which is not counted again while it lasts. */
  readonly key: string;
}

/**
 * What is remembered about notifications of one target: the last news that subscribers were told, and what bounds the
 * next. One self-contained value; objects of earlier releases hold the first three fields only.
 */
export interface NotificationState {
  readonly notificationKey: string;
  /** ISO 8601. */
  readonly notifiedAt: string;
  readonly outcome: SweepOutcome;
  /** Whether people waited for a lock. */
  readonly waiting?: boolean | undefined;
  /** Since when there has been no news, where that is not told yet; ISO 8601. */
  readonly quietSince?: string | null | undefined;
  /** Oldest first. */
  readonly sent?: readonly SentNotification[] | undefined;
  readonly held?: HeldBack | null | undefined;
}

/** Why a notification is sent, beside what its report says. */
export interface Occasion {
  /** The news that this report ends; null where it is news itself. */
  readonly recoveredFrom: NotificationState | null;
  /** Whether people waited in the last news and none do any more. */
  readonly waitIsOver: boolean;
  /** What was not sent before this one. */
  readonly heldBack: HeldBack | null;
  /** ISO 8601: until then only urgent news is sent; null where more is. */
  readonly limitedUntil: string | null;
}

/** An ordinary notification. */
export const ordinary: Occasion = {
  ...{ recoveredFrom: null, waitIsOver: false },
  ...{ heldBack: null, limitedUntil: null },
};
