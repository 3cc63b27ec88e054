import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { providerUsers } from '../../functions/core/decide/protections/provider.ts';
import { toolNames } from '../../functions/core/decide/protections/tools/tool-names.ts';
import { buildPolicy, buildSession, decideOne } from '../core/build-session.ts';

const page = readFileSync(new URL('../../docs/reference/tools.md', import.meta.url), 'utf8');

/** The text of the section whose heading names this protection, or is this. */
function sectionOf(heading: string): string {
  const found = page.split(/^## /m).find((section) => section.split('\n')[0]?.includes(heading));
  if (found === undefined) throw new Error(`no section ${heading}`);
  return found;
}

/** What stands between backticks in one column of a section's table, counted from 1. */
function quotedIn(section: string, column: number): string[] {
  const rows = section.split('\n').filter((line) => line.startsWith('| '));
  return rows.flatMap((row) =>
    [...(row.split(' | ')[column - 1] ?? '').matchAll(/`([^`]+)`/g)].map((found) => found[1] ?? ''),
  );
}

describe('docs/reference/tools.md', () => {
  it.each(Object.entries(toolNames))('names every tool that %s knows, and only such', (protection, names) => {
    const told = quotedIn(sectionOf(`\`${protection}\``), 2);
    const protections = told.map((application) => [
      application,
      decideOne(buildSession({ application }), buildPolicy([{}])).protection,
    ]);
    expect(protections).toEqual(told.map((application) => [application, protection]));
    const plain = names.filter((name) => !name.includes('*'));
    expect(plain.filter((name) => !told.includes(name))).toEqual([]);
  });

  it('names every user of a provider, and only such', () => {
    const told = quotedIn(sectionOf('Users of the provider'), 2).filter((user) => user !== 'mysql.*');
    expect(told.toSorted()).toEqual([...providerUsers].toSorted());
  });
});
