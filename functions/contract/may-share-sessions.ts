import { type Matcher, matchFields, type Pattern } from './pattern.ts';

interface Asking {
  readonly match: Matcher;
  readonly except: Matcher;
}

/** Whether a session may be meant by both; no only where their words exclude it, such as different applications. */
export function mayShareSessions(a: Asking, b: Asking): boolean {
  if (covers(a.except, b.match) || covers(b.except, a.match)) return false;
  return matchFields.every((field) => {
    const [left, right] = [a.match[field], b.match[field]];
    return !left || !right || left.some((one) => right.some((other) => mayShareText(one, other)));
  });
}

/** Whether `except` names, in the same words, everything that `match` asks of one field. */
function covers(except: Matcher, match: Matcher): boolean {
  return matchFields.some((field) => {
    const spared = except[field]?.map((pattern) => JSON.stringify(pattern)) ?? [];
    const asked = match[field]?.map((pattern) => JSON.stringify(pattern)) ?? [];
    return asked.length > 0 && asked.every((pattern) => spared.includes(pattern));
  });
}

/** Expressions and networks may share anything; two wildcards share nothing when their beginnings differ. */
function mayShareText(a: Pattern, b: Pattern): boolean {
  if (a.kind !== 'wildcard' || b.kind !== 'wildcard') return true;
  const [left, right] = [beginning(a.text), beginning(b.text)];
  const isOpen = { left: left !== a.text, right: right !== b.text };
  if (!isOpen.left && !isOpen.right) return left === right;
  return (isOpen.right && left.startsWith(right)) || (isOpen.left && right.startsWith(left));
}

function beginning(wildcard: string): string {
  return wildcard.split(/[*?]/, 1)[0] ?? '';
}
