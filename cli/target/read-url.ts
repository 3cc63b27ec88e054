import { cleanText } from '../../functions/core/text/clean-text.ts';
import type { Console } from '../terminal/console.ts';
import { UsageError } from '../usage-error.ts';
import { parseConnectionUrl, type UrlLogin } from './connection-url.ts';

/** A login with its password, from a URL or asked for. */
export type UrlLoginWithPassword = UrlLogin & { readonly password: string };

/** The login of a URL; `-` reads the URL from standard input. A password that the URL leaves out is UNLEAK_PASSWORD, or is asked for. */
export async function readUrl(url: string, console: Console): Promise<UrlLoginWithPassword> {
  const text = url === '-' ? await readFirstLine(console) : url;
  const login = parseConnectionUrl(text);
  return { ...login, password: login.password ?? (await findPassword(login.user, console)) };
}

async function readFirstLine(console: Console): Promise<string> {
  if (console.isInteractive) return console.askSecretly('Connection URL (not shown): ');
  const [line = ''] = (await console.readInput()).split(/\r?\n/, 1);
  return line.trim();
}

async function findPassword(user: string, console: Console): Promise<string> {
  const given = console.env['UNLEAK_PASSWORD'] ?? '';
  if (given !== '') return given;
  const typed = console.isInteractive
    ? await console.askSecretly(`Password of ${cleanText(user, 64)} (not shown): `)
    : '';
  if (typed !== '') return typed;
  throw new UsageError('There is no password: not in the connection URL, and not in UNLEAK_PASSWORD.');
}
