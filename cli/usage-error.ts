/** The command was asked in a way that it does not understand; the message is for people, and never quotes a URL. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}
