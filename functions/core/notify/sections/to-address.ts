import { toLine } from '../../text/to-line.ts';
import { toOwnName, unbroken } from '../../text/to-name.ts';

/** Where a page speaks of a public code: an address where the pages' address is known, else the page and its heading. */
export function toAddress(docs: string | undefined, page: string, code: string): string {
  if (docs === undefined) return `docs/${page}, under ${toOwnName(code)}`;
  return unbroken(`${toLine(docs, 300)}/${page}#${toAnchor(code)}`);
}

/** The anchor that GitHub gives a heading: dots are dropped. */
function toAnchor(code: string): string {
  return code
    .slice(0, 64)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_-]/gu, '');
}
