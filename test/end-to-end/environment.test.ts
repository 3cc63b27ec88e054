import { afterEach, expect, test } from 'vitest';
import { type FunctionProcess, startFunction } from './function-process.ts';

let lambda: FunctionProcess | null = null;
afterEach(() => lambda?.stop());

test.each<readonly [string, Record<string, string>, readonly string[]]>([
  ['empty', {}, ['UNLEAK_TOPIC_ARN: missing']],
  ['without an ARN', { UNLEAK_TOPIC_ARN: 'notices' }, ['UNLEAK_TOPIC_ARN: "notices" found']],
  [
    'wrong in two places',
    { UNLEAK_TOPIC_ARN: 'notices', UNLEAK_HISTORY_BUCKET: 'No Bucket' },
    ['UNLEAK_TOPIC_ARN', 'UNLEAK_HISTORY_BUCKET'],
  ],
])('an environment that is %s is a Config fault, logged and thrown', async (_what, env, says) => {
  lambda = startFunction(env);
  const invoked = await lambda.invoke({}, {});
  expect(invoked).toMatchObject({ name: 'ConfigFault', code: 'config.environment' });
  const [line = ''] = lambda
    .output()
    .split('\n')
    .filter((each) => each.startsWith('{'));
  const logged = JSON.parse(line) as { readonly level: string; readonly fault: { message: string } };
  expect(logged).toMatchObject({ level: 'ERROR', fault: { code: 'config.environment', step: 'parse' } });
  for (const words of says) expect(logged.fault.message).toContain(words);
});
