/** What became of one attempt to end a session, before verification. */
export type Attempt =
  | { readonly id: string; readonly result: 'signalled' | 'gone' | 'changed' }
  /** The server was too busy to check and signal at one moment, each time it was asked: it was not signalled. */
  | { readonly id: string; readonly result: 'late' }
  /** The connection was lost while the batch was under way: it may have been signalled or not. */
  | { readonly id: string; readonly result: 'unknown' }
  /** `code` is the server's own: an SQLSTATE or an errno. */
  | { readonly id: string; readonly result: 'refused'; readonly code: string; readonly message: string };
