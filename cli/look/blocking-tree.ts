import { cleanText } from '../../functions/core/text/clean-text.ts';
import { defangName } from '../../functions/core/text/defang.ts';
import { toId } from '../../functions/core/text/to-name.ts';
import { formatDuration } from '../../functions/core/text/format-duration.ts';
import type { Session } from '../../functions/core/model/session.ts';

const mostLines = 30;

/** Who keeps whom waiting, as lines of a tree: those who wait for nobody at the roots, those who wait below whom they wait for. */
export function toBlockingTree(sessions: readonly Session[]): string[] {
  const byId = new Map(sessions.map((session) => [session.id, session]));
  const waiting = new Set(sessions.flatMap((session) => (session.blocks ?? []).map(({ id }) => id)));
  const blockers = sessions.filter((session) => (session.blocks ?? []).length > 0);
  const roots = blockers.filter((session) => !waiting.has(session.id));
  const lines: string[] = [];
  const seen = new Set<string>();
  // Where all wait for each other there is no root; any of them will do.
  for (const root of [...roots, ...blockers])
    if (!seen.has(root.id)) addBranch({ lines, seen, byId }, root, '', null);
  return lines.length <= mostLines
    ? lines
    : [...lines.slice(0, mostLines), `  … and ${lines.length - mostLines} more`];
}

interface Tree {
  readonly lines: string[];
  readonly seen: Set<string>;
  readonly byId: ReadonlyMap<string, Session>;
}

function addBranch(tree: Tree, session: Session, indent: string, waitingMs: number | null): void {
  const isAgain = tree.seen.has(session.id);
  tree.lines.push(`  ${indent}${describe(session, waitingMs)}${isAgain ? ' (see above)' : ''}`);
  if (isAgain) return;
  tree.seen.add(session.id);
  for (const { id, waitingMs: waited } of session.blocks ?? []) {
    const blocked = tree.byId.get(id);
    if (blocked) addBranch(tree, blocked, `${indent}  `, waited ?? -1);
  }
}

/** Null: waits for nobody; below 0: waits, and nobody knows for how long. */
function describe(session: Session, waitingMs: number | null): string {
  const who = [session.user ?? '(unknown)', session.application].filter(Boolean).join(' / ');
  const name = `${toId(session.id)} ${defangName(cleanText(who, 60))}`;
  if (waitingMs !== null) return `${name} waits${waitingMs < 0 ? '' : ` for ${formatDuration(waitingMs)}`}`;
  const age = session.stateMs === null ? '' : ` for ${formatDuration(session.stateMs)}`;
  return `${name}, ${session.state ?? 'state unknown'}${age}`;
}
