import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { expandPolicy } from '../../functions/contract/expand-policy.ts';
import { type Policy, policySchema } from '../../functions/contract/policy.ts';
import { presetNames } from '../../functions/contract/preset.ts';
import { type EngineName, engineNames } from '../../functions/contract/target.ts';

const page = readFileSync('docs/presets.md', 'utf8');

/** The parts of a preset's example: `# written`, then what it becomes `# on …`. */
function partsOf(preset: string): ReadonlyMap<string, string> {
  const section = page.split(/^## /m).find((text) => text.startsWith(`${preset}\n`)) ?? '';
  const [, yaml = ''] = /```yaml\n([^]*?)```/.exec(section) ?? [];
  const parts = yaml.split(/^# (.*)\n/m).slice(1);
  return new Map(parts.flatMap((title, index) => (index % 2 === 0 ? [[title, parts[index + 1] ?? '']] : [])));
}

function rulesOf(yaml: string | undefined, engine: EngineName): Policy['rules'] {
  return expandPolicy(policySchema.parse(parse(yaml ?? '')), engine).rules;
}

describe.each(presetNames)('docs/presets.md, %s', (preset) => {
  test.each(engineNames)('shows the rules it stands for on %s', (engine) => {
    const parts = partsOf(preset);
    const family = engine === 'postgres' ? 'postgres' : 'mysql';
    const shown = parts.get(`on ${family}`) ?? parts.get('on every engine');
    expect(rulesOf(parts.get('written'), engine)).toEqual(rulesOf(shown, engine));
  });
});
