/** The server's own limits on silence, each under its own name there. */
export const guardNames = [
  'idle_in_transaction_session_timeout',
  'idle_session_timeout',
  'transaction_timeout',
  'idle_transaction_timeout',
  'idle_write_transaction_timeout',
  'idle_readonly_transaction_timeout',
  'wait_timeout',
  'interactive_timeout',
  'tcp_keepalives_idle',
] as const;
export type GuardName = (typeof guardNames)[number];
