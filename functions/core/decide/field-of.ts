import type { MatchField } from '../../contract/pattern.ts';
import type { GroupField } from '../../contract/rule.ts';
import type { TagName } from '../../contract/tag-names.ts';
import type { Session } from '../model/session.ts';
import { cutMark } from '../text/statement.ts';

/** A field of a session by its name in a policy; empty where there is nothing, null where that could not be read. */
export function fieldOf(session: Session, field: MatchField | GroupField): string | null {
  switch (field) {
    case 'user':
    case 'database':
    case 'application':
    case 'client':
    case 'statement':
    case 'serverState':
      return session[field];
    default:
      return tagOf(session, field.slice('tag.'.length) as TagName);
  }
}

/** Where a statement could not be read, or only its beginning, a tag may be in the rest. */
function tagOf({ tags, statement }: Session, name: TagName): string | null {
  return tags[name] ?? (statement === null || statement.endsWith(cutMark) ? null : '');
}
