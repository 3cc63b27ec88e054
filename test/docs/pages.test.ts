import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';

const pages = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'docs', 'examples'].flatMap(toPages);

function toPages(path: string): readonly string[] {
  if (path.endsWith('.md')) return [path];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join(path, file));
}

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(page: string): readonly string[] {
  const headings = [...withoutCode(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_\- ]/gu, '')
      .replace(/ /g, '-'),
  );
}

function withoutCode(page: string): string {
  return readFileSync(page, 'utf8').replace(/^```[^]*?^```/gm, '');
}

/** The links of a page that lead nowhere. */
function brokenLinksOf(page: string): readonly string[] {
  const links = [...withoutCode(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  return links.filter((link) => !/^[a-z]+:/.test(link)).filter((link) => !leadsSomewhere(page, link));
}

function leadsSomewhere(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page : normalize(join(dirname(page), path));
  if (!existsSync(target)) return false;
  return anchor === undefined || anchorsOf(target).includes(anchor);
}

describe('the pages', () => {
  it.each(pages)('%s has no link that leads nowhere', (page) => {
    expect(brokenLinksOf(page)).toEqual([]);
  });

  it('that stand directly in docs/ are eleven at most', () => {
    expect(readdirSync('docs').filter((file) => file.endsWith('.md')).length).toBeLessThanOrEqual(11);
  });

  it('of docs/ are all in its index, and decisions in theirs', () => {
    const index = readFileSync('docs/README.md', 'utf8');
    const decisions = readFileSync('docs/decisions/README.md', 'utf8');
    const missing = toPages('docs')
      .filter((page) => !page.endsWith('README.md'))
      .filter((page) =>
        page.startsWith('docs/decisions/')
          ? !decisions.includes(`(${page.slice('docs/decisions/'.length)})`)
          : !index.includes(`(${page.slice('docs/'.length)})`),
      );
    expect(missing).toEqual([]);
  });
});
