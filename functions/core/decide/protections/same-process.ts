import type { Session } from '../../model/session.ts';

/**
 * Whether two sessions are of one client process: `yes` by its address and process id; `unknown` where a client sends no process id and
 * user, address, program and attributes agree as far as they could be read.
 */
export function isSameProcess(one: Session, other: Session): 'yes' | 'no' | 'unknown' {
  if (!mayAgree(one.client, other.client)) return 'no';
  const [pid, otherPid] = [one.attributes['_pid'], other.attributes['_pid']];
  if (pid !== undefined && otherPid !== undefined) return samePid(one, other);
  const agree =
    mayAgree(one.user, other.user) &&
    mayAgree(one.application, other.application) &&
    attributesMayAgree(one, other);
  return agree ? 'unknown' : 'no';
}

function samePid(one: Session, other: Session): 'yes' | 'no' | 'unknown' {
  if (one.attributes['_pid'] !== other.attributes['_pid']) return 'no';
  return one.client === null || other.client === null ? 'unknown' : 'yes';
}

function mayAgree(one: string | null, other: string | null): boolean {
  return one === null || other === null || one === other;
}

/** All of them, unless some could not be read or kept: then those that both show. */
function attributesMayAgree(one: Session, other: Session): boolean {
  const isWhole = one.application !== null && other.application !== null;
  const names = Object.keys({ ...one.attributes, ...other.attributes });
  return names.every((name) => {
    const [value, otherValue] = [one.attributes[name], other.attributes[name]];
    return value === otherValue || (!isWhole && (value === undefined || otherValue === undefined));
  });
}
