import type { Policy } from '../../functions/contract/policy.ts';
import { cleanText } from '../../functions/core/text/clean-text.ts';
import { defangName } from '../../functions/core/text/defang.ts';
import { compileProtections } from '../../functions/core/decide/protections/compile-protections.ts';
import type { Snapshot } from '../../functions/core/model/snapshot.ts';
import { type Layer, ok } from './layer.ts';

const nothing: Policy = {
  ...{ rules: [], protect: [], lift: [], presets: [], warnings: [] },
  caps: { perSweep: 1, share: 1 },
};
const mostNames = 3;

/** Which client sessions would be left alone whatever the rules say, and by which protection. */
export function checkProtections(snapshot: Snapshot, policy: Policy | null): Layer {
  const protectionOf = compileProtections(policy ?? nothing, snapshot);
  const clients = snapshot.sessions.filter(({ kind }) => kind === 'client');
  const found = new Map<string, string[]>();
  for (const session of clients) {
    const name = protectionOf(session)?.name;
    if (name !== undefined)
      found.set(name, [...(found.get(name) ?? []), session.application || session.user || '?']);
  }
  const parts = [...found].map(([name, whose]) => `${name}: ${listOf(whose)}`);
  const open = clients.length - [...found.values()].flat().length;
  const whom = parts.length === 0 ? 'no session is protected now' : parts.join('; ');
  return ok('protections', `${whom}; ${open} of ${clients.length} clients are open to the rules`);
}

function listOf(names: readonly string[]): string {
  const different = [...new Set(names)];
  const shown = different.slice(0, mostNames).map((name) => defangName(cleanText(name, 40)));
  return `${names.length} (${shown.join(', ')}${different.length > mostNames ? ', …' : ''})`;
}
