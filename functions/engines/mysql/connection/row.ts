/** One row of a result, every value as the server's own text, since ids and timers exceed what a number can hold. */
export type Row = Readonly<Record<string, string | null>>;
