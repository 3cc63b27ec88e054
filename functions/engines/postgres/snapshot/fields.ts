import * as z from 'zod';

/* What a server may give as each kind of value: ids, times and numbers reach people as they are, and a server may be hostile. */

/** Decimal digits, as text since they may exceed what a number holds. */
export const digits = z.string().regex(/^\d{1,20}$/);
/** Microseconds since 1970 as text. */
export const microseconds = z
  .string()
  .regex(/^-?\d{1,20}$/)
  .nullable();
/** A name or any other text: PostgreSQL's are 63 bytes, a statement is cut by ours. */
export const text = z.string().max(65_536).nullable();
/** Milliseconds. */
export const ms = z.number().min(-1e15).max(1e15).nullable();
/** How many of something. */
export const count = z.number().min(-1).max(1e12);
/** An instant as our own SQL writes it. */
export const instant = z.string().regex(/^\d{4,6}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
/** A server's version. */
export const version = z.string().regex(/^[\x20-\x7e]{1,120}$/);
