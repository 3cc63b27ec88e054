import { cleanText } from '../text/clean-text.ts';
import type { ReportedRoot, ReportedSession } from '../model/report.ts';
import { toReportedSession } from '../to-reported-session.ts';
import { answerEnd, type Sweeping } from './end-answer.ts';
import type { Root } from './queue.ts';
import { cancellingSql, cautionOf, endingSql, listingSql } from './remedy.ts';

/** A root with what becomes of it and what people can do. */
export function toRoot(root: Root, sweeping: Sweeping): ReportedRoot {
  const { engine } = sweeping.snapshot;
  const { willEnd, says } = answerEnd(root, sweeping);
  const awaited = root.kind === 'session' ? root.awaited : 'lock';
  const end = {
    awaited,
    willEnd,
    why: says,
    remedies: remediesOf(root, engine),
    caution: cautionOf(root, engine),
  };
  switch (root.kind) {
    case 'session': {
      const session = withFewBlocks(toReportedSession(root.session));
      const { id, user, database } = session;
      return { kind: 'session', name: cleanText(id, 24), user, database, session, ageMs: null, ...end };
    }
    case 'detached': {
      const { kind, name, user, database, ageMs } = root.transaction;
      const clean = (text: string | null) => text && cleanText(text, 64);
      const names = { name: cleanText(name, 200), user: clean(user), database: clean(database) };
      return { kind, ...names, session: null, ageMs, ...end };
    }
    case 'absent':
      return {
        ...{ kind: 'absent', name: cleanText(root.id, 24), user: null, database: null },
        ...{ session: null, ageMs: null, ...end },
      };
  }
}

const mostBlocks = 10;

/** The queue is told by its numbers; whom it keeps waiting directly only by some. */
export function withFewBlocks(session: ReportedSession): ReportedSession {
  return { ...session, blocks: session.blocks.slice(0, mostBlocks) };
}

function remediesOf(root: Root, engine: Sweeping['snapshot']['engine']): readonly string[] {
  const cancelling = root.kind === 'session' ? cancellingSql(root.session, engine) : null;
  const ending = endingSql(root, engine);
  const listing = root.kind === 'detached' && ending === null ? listingSql(root.transaction, engine) : null;
  return [cancelling, ending, listing].filter((sql) => sql !== null);
}
