import { App } from 'aws-cdk-lib';
import * as z from 'zod';
import { ConfigurationError } from './settings/configuration-error.ts';
import { readConfigurationFile } from './settings/read-configuration-file.ts';
import { UnleakStack } from './stacks/unleak-stack.ts';

/* `npx cdk deploy -c config=unleak.yaml -c stack=unleak -c docs=https://…/docs -c stopped=true`: all are optional. */
const contextSchema = z.object({
  config: z.string().default('unleak.yaml'),
  stack: z.string().default('unleak'),
  docs: z.url({ protocol: /^https$/ }).optional(),
  stopped: z.union([z.boolean(), z.stringbool()]).default(false),
});

/*
 * CDK's own check of templates takes more time than all the rest. The tests run it on what these constructs make, and
 * CDK_VALIDATION=true brings it back.
 */
process.env['CDK_VALIDATION'] ??= 'false';

try {
  synthesize(new App());
} catch (error) {
  for (const line of describe(error)) console.error(line);
  process.exitCode = 1;
}

/** Every mistake of ours a line; of CDK's own errors what they say, since nobody mends a file by a stack trace. */
function describe(error: unknown): readonly string[] {
  if (error instanceof ConfigurationError) return error.lines;
  if (process.env['UNLEAK_DEBUG'] === 'true') throw error;
  const says = error instanceof Error ? error.message.split('\n', 1)[0] : String(error);
  return [`unleak could not be synthesized: ${says ?? ''} (UNLEAK_DEBUG=true shows where)`];
}

function synthesize(app: App): void {
  const { config, stack, docs, stopped } = readContext(app);
  new UnleakStack(app, stack, {
    config: readConfigurationFile(config),
    stopped,
    ...(docs !== undefined && { docsUrl: new URL(docs).href.replace(/\/$/, '') }),
  });
  app.synth();
}

function readContext(app: App) {
  const keys = Object.keys(contextSchema.shape);
  const given = Object.fromEntries(keys.map((key) => [key, app.node.tryGetContext(key) as unknown]));
  const parsed = contextSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new ConfigurationError(
    parsed.error.issues.map((issue) => `-c ${issue.path.join('.')}: ${issue.message}`),
  );
}
