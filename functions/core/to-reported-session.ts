import { hasTags } from './text/describe-tags.ts';
import { cleanText } from './text/clean-text.ts';
import type { ReportedSession } from './model/report.ts';
import type { Session } from './model/session.ts';

/** A session as reports show it. */
export function toReportedSession(session: Session): ReportedSession {
  const { id, state, stateMs, openMs, transactionMs } = session;
  return {
    id,
    user: clean(session.user),
    database: clean(session.database),
    application: clean(session.application),
    client: clean(session.client),
    state,
    stateMs,
    openMs,
    transactionMs,
    statement: clean(session.statement),
    ...(hasTags(session.tags) && { tags: session.tags }),
    blocks: (session.blocks ?? []).map((blocked) => blocked.id),
  };
}

function clean(text: string | null): string | null {
  return text === null ? null : cleanText(text);
}
