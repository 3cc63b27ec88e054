/** Recognises the names that a tool gives itself. */
export type Recognise = (application: string | null) => boolean;

const extension = /\.(?:exe|com|cmd|bat|sh|pl|py|pyz|rb|php|phar|jar|bin)$/;

/** What a tool's own name may be followed by: its version or process id, with a remark in parentheses or brackets. */
const suffix = String.raw`(?:(?:: |[-_/@:.# ])v?\d+(?:\.\d+)*(?:[-+.]?(?:alpha|beta|rc|dev|snapshot|release|final|ga)[\d.]*)?)?(?: ?\[\d+\])?(?: ?\(\w[^()]*\))?`;

/**
 * Compiles names as a server shows them: upper and lower case do not matter, of a path only the last part counts, an extension does not.
 * A name stands for whole words, alone or with a version or process id; in it, `*` stands for anything.
 */
export function compileNames(names: readonly string[]): Recognise {
  const known = new RegExp(`^(?:${names.map(toSource).join('|')})${suffix}$`);
  return (application) => application !== null && formsOf(application).some((form) => known.test(form));
}

function toSource(name: string): string {
  return name
    .toLowerCase()
    .split('*')
    .map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, String.raw`\$&`))
    .join('.*');
}

/** The name as it is, and as the last part of a path; a slash may also stand before a version. */
function formsOf(application: string): readonly string[] {
  const name = application.trim().toLowerCase();
  const last = name.split(/[/\\]/).at(-1) ?? '';
  return [name, last.replace(extension, '')];
}
