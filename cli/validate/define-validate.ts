import { type Command, Option } from 'commander';
import { addExamples, type Context, jsonOption } from '../command-context.ts';
import type { ValidateOptions } from './validate.ts';

/** Adds `unleak validate`. */
export function defineValidate(program: Command, context: Context): void {
  const command = program
    .command('validate')
    .argument('[file]', 'the file (default: unleak.yaml)')
    .description('All mistakes of an unleak.yaml, each with its line and column.')
    .option('-c, --config <file>', 'the same as FILE')
    .addOption(new Option('-r, --rules', 'also print the rules that presets stand for').conflicts('json'))
    .addOption(jsonOption())
    .action(async (file: string | undefined, options: ValidateOptions) => {
      const { validate } = await import('./validate.ts');
      context.end(await validate(file, options, context.console));
    });
  addExamples(command, [
    ['unleak validate', 'the unleak.yaml of this folder'],
    ['unleak validate --rules', 'which rules do my presets stand for, on each engine?'],
    ['unleak validate staging.yaml --json', 'for machines: exit code 1 and a list of mistakes'],
  ]);
}
