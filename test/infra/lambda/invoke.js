import module from 'node:module';
import { performance } from 'node:perf_hooks';
import { createWriteStream } from 'node:fs';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';

/*
 * Stands where Lambda's runtime would: loads `index.handler` from a folder, gives it one event and a context, and writes what came
 * of it to file descriptor 3. Standard output is the function's log. Plain JavaScript, since Node.js runs it as it is.
 */
const { folder, event, timeoutMs } = JSON.parse(await text(process.stdin));

const loaded = [];
module.registerHooks?.({
  load(url, context, nextLoad) {
    loaded.push(url);
    return nextLoad(url, context);
  },
});

const startedAt = performance.now();
const { handler } = await import(pathToFileURL(`${folder}/index.js`).href);
const loadMs = performance.now() - startedAt;
const deadline = Date.now() + timeoutMs;
const context = {
  functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
  awsRequestId: '00000000-0000-4000-8000-000000000000',
  getRemainingTimeInMillis: () => deadline - Date.now(),
};

const end = (result) => {
  const sweepMs = performance.now() - startedAt - loadMs;
  const megabytes = process.resourceUsage().maxRSS / 1024;
  const node = process.version;
  createWriteStream('', { fd: 3 }).end(
    JSON.stringify({ ...result, loaded, loadMs, sweepMs, megabytes, node }),
  );
};
try {
  end({ outcome: await handler(event, context) });
} catch (error) {
  end({ error: { name: error.name, code: error.code, message: error.message, stack: error.stack } });
}
