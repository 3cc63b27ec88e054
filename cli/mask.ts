/** Everything from the scheme to the last @ of a word: where a URL holds its login, however badly it is written. */
const login = /([a-z][a-z0-9+.-]*:\/\/)\S*@/gi;

/** Hides every argument that looks like a connection URL in text that is about to be shown. */
export function createMask(args: readonly string[]): (text: string) => string {
  const urls = args.flatMap(toUrls).sort((a, b) => b.length - a.length);
  return (text) => urls.reduce((masked, url) => masked.replaceAll(url, '(a connection URL)'), text);
}

/** Hides the login of whatever looks like a URL: for text that is not ours, such as a stack. */
export function maskLogins(text: string): string {
  return text.replace(login, '$1***@');
}

/** An argument may be the URL itself or `--url=…`; one that holds a login without a scheme is a mistyped URL. */
function toUrls(argument: string): string[] {
  const value = argument.replace(/^--?[\w-]+=/, '');
  return /:\/\/|:.*@/.test(value) ? [value] : [];
}
