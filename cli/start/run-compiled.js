import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { arch, pid, versions } from 'node:process';
import { Script } from 'node:vm';
import { readCodes, toCodes } from './codes.js';

/**
 * Runs the compiled program with the code that V8 made of it when the same command last ran, which is kept beside it: to compile it
 * anew is most of a start. What V8 does not accept, for instance since Node.js is another one, it ignores.
 * @param {string} program
 * @param {string | undefined} command
 * @returns {Promise<void>}
 */
export async function runCompiled(program, command) {
  const folder = dirname(program);
  const codeFile = join(folder, `${toName(command)}-${versions.v8}-${arch}.code`);
  const codes = readCodes(codeFile);
  const loaded = new Map();
  const load = (name) => loaded.get(name)?.module.exports ?? run(name);
  const run = (name) => {
    const path = join(folder, name);
    const cachedData = codes.get(name);
    const source = `(function(exports,require,module){${readFileSync(path, 'utf8')}\n})`;
    const script = new Script(source, { filename: path, ...(cachedData && { cachedData }) });
    const module = { exports: {} };
    loaded.set(name, { module, script, isKnown: cachedData !== undefined && !script.cachedDataRejected });
    script.runInThisContext()(module.exports, require, module);
    return module.exports;
  };
  const requireOther = createRequire(program);
  const require = Object.assign(
    (id) => (id.startsWith('./') ? load(id.slice(2)) : requireOther(id)),
    requireOther,
  );
  await load('unleak.cjs').main();
  if ([...loaded.values()].some(({ isKnown }) => !isKnown)) keep(loaded, codeFile);
}

/** Only names of commands: what else stands there may be anything. */
function toName(command = '') {
  return /^[a-z]{1,12}$/.test(command) ? command : 'unleak';
}

/** After the run, so that what ran is in it; without it the next start is slower, and that is all. */
function keep(loaded, codeFile) {
  try {
    const draft = `${codeFile}.${pid}`;
    writeFileSync(draft, toCodes([...loaded].map(([name, { script }]) => [name, script.createCachedData()])));
    renameSync(draft, codeFile);
  } catch {
    // a full disk or a folder of somebody else's
  }
}
