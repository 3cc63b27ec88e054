import { Command } from 'commander';
import release from '../package.json' with { type: 'json' };
import { defineCheck } from './check/define-check.ts';
import type { Context } from './command-context.ts';
import { defineCompletion } from './completion/define-completion.ts';
import { defineDemo } from './demo/define-demo.ts';
import { defineExplain } from './explain/define-explain.ts';
import { defineGrants } from './grants/define-grants.ts';
import { defineHistory } from './history/define-history.ts';
import { defineInit } from './init/define-init.ts';
import { defineLook } from './look/define-look.ts';
import { defineProve } from './prove/define-prove.ts';
import { defineSimulate } from './simulate/define-simulate.ts';
import { defineSweep } from './sweep/define-sweep.ts';
import { defineValidate } from './validate/define-validate.ts';
import { defineWhy } from './why/define-why.ts';

const after = `
TARGET is a target of unleak.yaml; without it, the only one there is. --url - or UNLEAK_URL does without the file and
without AWS: - asks for the connection URL, or reads it from standard input, and keeps it out of the process list.

Exit codes: 0 fine, 1 the answer is no, 2 wrongly asked, 3 it could not be done.`;

/** All commands, in the order in which an operator meets them; each loads what it needs when it is run. */
export function createProgram(context: Context): Command {
  const { console, tell } = context;
  const program = new Command('unleak')
    .description('Finds leaked PostgreSQL and MySQL sessions, ends exactly those, and shows why.')
    .version(release.version, '-V, --version', 'print the version')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => console.screen.print(text.trimEnd()),
      writeErr: (text) => tell(text.trimEnd()),
    })
    .configureHelp({ helpWidth: console.screen.columns })
    .showHelpAfterError('(--help shows what it takes)')
    .addHelpText('after', after);
  const define = [defineInit, defineValidate, defineGrants, defineCheck, defineLook, defineSweep];
  const more = [defineExplain, defineSimulate, defineProve, defineWhy, defineHistory];
  const rest = [defineDemo, defineCompletion];
  for (const add of [...define, ...more, ...rest]) add(program, context);
  return program;
}
