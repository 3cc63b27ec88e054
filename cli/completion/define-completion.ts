import { Argument, type Command } from 'commander';
import { addExamples, type Context } from '../command-context.ts';
import { exitCodes } from '../exit-codes.ts';

/** Adds `unleak completion`. */
export function defineCompletion(program: Command, context: Context): void {
  const command = program
    .command('completion')
    .addArgument(new Argument('<shell>', 'your shell').choices(['bash', 'zsh', 'fish']))
    .description('A script that completes commands and options in your shell.')
    .action(async (shell: 'bash' | 'zsh' | 'fish') => {
      const { toCompletion } = await import('./to-completion.ts');
      context.console.screen.print(toCompletion(shell, program));
      context.end(exitCodes.fine);
    });
  addExamples(command, [
    ['source <(npx unleak completion bash)', 'for this shell; in ~/.bashrc for all'],
    ['npx unleak completion fish | source', 'the same for fish'],
  ]);
}
