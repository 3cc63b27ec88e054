import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Runs infra/app.ts as `cdk synth` does, without credentials; `lines` is what people read when it fails. `validated` has CDK check
 * the template against the schemas of its resources, which takes longer than all the rest.
 */
export function synthApp(
  folder: string,
  name: string,
  yaml: string,
  context: Record<string, string> = {},
  validated = false,
) {
  const config = join(folder, `${name}.yaml`);
  const outdir = join(folder, name);
  writeFileSync(config, yaml);
  const cdkJson = JSON.parse(readFileSync('cdk.json', 'utf8')) as { context: object };
  const env = {
    PATH: process.env['PATH'],
    CDK_VALIDATION: validated ? 'true' : 'false',
    CDK_OUTDIR: outdir,
    CDK_CONTEXT_JSON: JSON.stringify({ ...cdkJson.context, config, ...context }),
  };
  const args = ['--import', 'tsx', 'infra/app.ts'];
  const { status, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
  return { status, config, outdir, lines: stderr.trim().split('\n') };
}

/** The resources of a synthesized assembly. */
export function resourcesOf(
  outdir: string,
): Record<string, { readonly Type: string; readonly Properties: object }> {
  const template = readFileSync(join(outdir, 'unleak.template.json'), 'utf8');
  return (JSON.parse(template) as { Resources: Record<string, { Type: string; Properties: object }> })
    .Resources;
}
