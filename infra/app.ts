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
  stopped: z.stringbool().default(false),
});

/*
 * CDK's own check of templates takes more time than all the rest. The tests run it on what these constructs make, and
 * CDK_VALIDATION=true brings it back.
 */
process.env['CDK_VALIDATION'] ??= 'false';

try {
  synthesize(new App());
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  for (const line of error.lines) console.error(line);
  process.exitCode = 1;
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
