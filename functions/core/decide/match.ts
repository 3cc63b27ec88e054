/** What a matcher says of a session: `unknown` when it hangs on a field that could not be read. */
export type Match = 'yes' | 'no' | 'unknown';

/** Whether a value matches; a missing or empty value matches nothing. */
export type Test = (value: string) => Match;
