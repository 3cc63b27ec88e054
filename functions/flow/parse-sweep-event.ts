import { type SweepEvent, parseEvent } from '../contract/event.ts';
import { describeProblem } from '../contract/problems.ts';
import type { Mode } from '../contract/target.ts';
import { Fault } from '../core/model/fault.ts';
import { toAscii } from '../core/text/to-ascii.ts';

/** Reads the Lambda event; a Config fault that lists every mistake in it. */
export function parseSweepEvent(input: unknown): SweepEvent {
  const parsed = parseEvent(input);
  if (parsed.ok) return parsed.value;
  throw new Fault({
    code: 'config.event',
    step: 'parse',
    message: `The event is not one that this release understands. ${parsed.problems.map(describeProblem).join('; ')}.`,
  });
}

/** The name of the target as far as an event gives one, so that even a broken event can be told about. */
export function nameTarget(input: unknown): string {
  return toName(property(property(input, 'target'), 'name')) || 'an unknown target';
}

/** The engine as far as an event gives one. */
export function nameEngine(input: unknown): string {
  return toName(property(property(input, 'target'), 'engine')) || 'unknown';
}

/** The mode as far as an event gives one: a broken event of an enforced target is not told as a dry run. */
export function nameMode(input: unknown): Mode {
  return property(property(input, 'target'), 'mode') === 'enforce' ? 'enforce' : 'dry-run';
}

/** Printable ASCII, since a name that was refused goes into subjects, metrics and keys all the same. */
function toName(value: unknown): string {
  return typeof value === 'string' ? toAscii(value, 63) : '';
}

/** What an object has under a key; undefined where it has none, or is none. */
export function property(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}
