/** What machines learn from the end of a command; documented in docs/cli.md. */
export const exitCodes = {
  /** It did what was asked, and the answer is good. */
  fine: 0,
  /** It did what was asked, and the answer is no: mistakes found, a layer broken, sessions that survived, a question declined. */
  no: 1,
  /** It was asked in a way it does not understand: arguments, files, URLs. */
  usage: 2,
  /** It could not do what was asked: the database, AWS, or a defect. */
  fault: 3,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
