import type { Snapshot } from '../core/model/snapshot.ts';
import type { Asking } from './engine.ts';

/** The snapshot without the ids of traces, unless they were asked for: each names one request of one person. */
export function toAsked(snapshot: Snapshot, asking: Asking = { traceparent: false }): Snapshot {
  if (asking.traceparent) return snapshot;
  return {
    ...snapshot,
    sessions: snapshot.sessions.map((session) => {
      if (session.tags.traceparent === undefined) return session;
      const tags = Object.entries(session.tags).filter(([name]) => name !== 'traceparent');
      return { ...session, tags: Object.fromEntries(tags) };
    }),
  };
}
